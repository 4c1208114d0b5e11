// @ts-check
/**
 * The page: an app that is being played, as it happens.
 *
 * @module
 */
import { showClock } from './clock.js';
import { showDetail } from './detail.js';
import { takeDrops } from './drop.js';
import { byId, setText } from './element.js';
import { showHappened } from './happened.js';
import { keepUp } from './live.js';
import { showMap } from './map.js';
import { onState, state } from './state.js';

onState(() => {
  if (state.app === undefined) return;
  setText(byId('name', HTMLElement), state.app.name);
  if (document.title === 'Handlersmith') document.title = state.app.name;
});
showMap();
showHappened();
showDetail();
showClock();
takeDrops();
keepUp();
