import { playTemplate } from '@handlersmith/local';

await using app = await playTemplate('template.yaml');
const slot = app.schedules.get('Nightly')?.next();
app.clock.moveTo(slot ?? 0);
await app.idle();
for (const { function: name, trigger, result } of app.journal.entries())
  console.log(name, trigger.summary, result?.ok);
