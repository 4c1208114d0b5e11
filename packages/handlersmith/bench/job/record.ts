/**
 * The business logic every candidate with batches calls: next to nothing, so that what is measured is the way there.
 *
 * @module
 */

/**
 * Handles the text of a message.
 *
 * @throws Error when it is `boom`, which is how the checks provoke a failed record
 */
export async function handleText(text: string): Promise<void> {
  if (text === 'boom') throw new Error('the record said boom');
}

/**
 * Handles a message that has been parsed.
 *
 * @throws Error when its name is `boom`
 */
export async function handleItem({ name }: { readonly name: string }): Promise<void> {
  if (name === 'boom') throw new Error('the record said boom');
}
