import { playTemplate, servePage } from '@handlersmith/local';

await using app = await playTemplate('template.yaml', { folder: '.local' });
for (const { message, place } of app.app.findings) console.log(`${place.line}: ${message}`);
for (const [id, url] of Object.entries(app.urls)) console.log(id, url);

const page = await servePage(app);
console.log(page.url);
