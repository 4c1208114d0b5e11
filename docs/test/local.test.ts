/** What the pages on local development and on testing with AWS show, run. */

// Tests themselves: importing them is running them.
await import('../snippets/local/play.ts');
await import('../snippets/local/aws.ts');
