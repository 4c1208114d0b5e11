export async function uploadPhoto(api: string, key: string, image: Blob, title: string): Promise<unknown> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await image.arrayBuffer()));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }; // the same on each retry

  const begin = { size: image.size, sha256, contentType: image.type, title };
  const begun = await fetch(`${api}/uploads`, { method: 'POST', headers, body: JSON.stringify(begin) });
  if (!begun.ok) throw new Error(`the upload could not begin: ${begun.status}`);
  const upload = (await begun.json()) as
    | { status: 'committed'; response: unknown }
    | { status: 'upload'; url: string; method: string; headers: Record<string, string> };
  if (upload.status === 'committed') return upload.response;

  const put = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: image });
  // 412: the bytes are there already, from an attempt whose answer was lost.
  if (!put.ok && put.status !== 412) throw new Error(`the upload failed: ${put.status}`);

  const completed = await fetch(`${api}/uploads/completed`, { method: 'POST', headers });
  if (!completed.ok) throw new Error(`the upload could not be completed: ${completed.status}`); // 410: begin again
  return completed.json();
}
