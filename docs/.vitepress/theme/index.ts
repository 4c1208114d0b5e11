import TwoslashFloatingVue from '@shikijs/vitepress-twoslash/client';

import '@shikijs/vitepress-twoslash/style.css';
import DefaultTheme from 'vitepress/theme';
import type { App } from 'vue';

import './custom.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }: { app: App }): void {
    app.use(TwoslashFloatingVue);
  },
};
