// @ts-check
/**
 * The mails the app sent. Their HTML is shown in a frame that may do nothing.
 *
 * @module
 */
import { element, keep } from './element.js';
import { code, facts, section } from './form.js';
import { sizeOf, timeOf } from './format.js';
import { call, pathOf } from './server.js';

/** @typedef {import('../../ses/mail.ts').SentMail} Mail */

/** @returns {import('./detail.js').View} */
export function mailsView() {
  const list = element('ul', { class: 'things' });
  const empty = element(
    'p',
    { class: 'empty', hidden: true },
    'No mails. What functions send through SES appears here, and leaves this machine never.',
  );
  return {
    kind: 'SES',
    title: 'Mails',
    body: [section('Sent', list, empty)],
    async refresh() {
      /** @type {{ mails: Mail[] }} */
      const { mails } = await call('/api/mails');
      keep(list, mails.toReversed().slice(0, 100), ({ messageId }) => messageId, mailLine);
      empty.hidden = mails.length > 0;
    },
  };
}

/** @param {Mail} mail */
function mailLine({ messageId, sentAt, from, to, cc, bcc, replyTo, subject, text, html, attachments }) {
  const content = element('div', {});
  const open = () => {
    if (content.childElementCount > 0) return;
    content.append(
      facts([
        ['From', from],
        ['To', to.join(', ')],
        ['Cc', cc.join(', ') || undefined],
        ['Bcc', bcc.join(', ') || undefined],
        ['Reply to', replyTo.join(', ') || undefined],
        [
          'Attached',
          attachments.map(({ name, size }) => `${name} (${sizeOf(size)})`).join(', ') || undefined,
        ],
      ]),
    );
    if (html !== undefined)
      content.append(
        element('iframe', {
          class: 'mail',
          sandbox: '',
          title: `HTML of ${subject}`,
          src: pathOf('mails', messageId, 'html'),
        }),
      );
    if (text !== undefined) content.append(code(text, 'Text'));
  };
  return element(
    'li',
    {},
    element(
      'details',
      { ontoggle: open },
      element(
        'summary',
        {},
        element('strong', {}, subject || '(no subject)'),
        ' ',
        element('span', { class: 'quiet' }, `to ${to.join(', ')} · ${timeOf(sentAt)}`),
      ),
      content,
    ),
  );
}
