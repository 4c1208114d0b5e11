import {
  accepted,
  answer,
  binary,
  created,
  html,
  httpRouter,
  noContent,
  notModified,
  ok,
  redirect,
  route,
  text,
} from 'handlersmith/http';

const user = { id: 'u1', name: 'Ada' };

export const handler = httpRouter(
  {},
  {
    'GET /value': route(() => user), // 200, JSON
    'GET /nothing': route(() => undefined), // 204
    'GET /ok': route(() => ok(user, { headers: { etag: '"7"' } })),
    'POST /users': route(() => created(user, { location: '/users/u1' })),
    'POST /jobs': route(() => accepted({ job: 'j1' }, { location: '/jobs/j1' })),
    'DELETE /users/u1': route(() => noContent()),
    'GET /unchanged': route(() => notModified({ headers: { etag: '"7"' } })),
    'GET /old': route(() => redirect('/new', 308)),
    'GET /page': route(() => html('<!doctype html><title>Hello</title>')),
    'GET /ping': route(() => text('pong')),
    'GET /pixel': route(() => binary(new Uint8Array([0x47, 0x49, 0x46]), { contentType: 'image/gif' })),
    'POST /batch': route(() => answer(207, [{ id: 1, status: 201 }])),
    'POST /login': route(() =>
      noContent({ cookies: [{ name: 'session', value: 's-1', maxAge: 3600, sameSite: 'Strict' }] }),
    ),
  },
);
