'use strict';
/* Answers made of opened files: paths, slots, ranges, headers. */

const SECURITY = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; " +
    "worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

/** For the slot `notice`. */
const NOTICES = {
  stale: '<p data-notice="stale">We can’t be reached. This is the copy kept on your device.</p>',
  older: '<p data-notice="older">These pages are older than some you have seen. Please tell us if this lasts.</p>',
};

/** Give an answer the headers that hosts often can't. */
function secured(response) {
  const {body, status} = response;
  if (!status) return response; // a redirect or an error
  const headers = new Headers({...Object.fromEntries(response.headers), ...SECURITY});
  if (headers.has('content-encoding')) headers.delete('content-length'); // the body was decoded on its way here
  headers.delete('content-encoding');
  return new Response(body, {status, headers});
}

/** Find the file of a path, or the index of a folder. */
const find = (session, path) => session.files.get(/(^|\/)$/.test(path) ? `${path}index.html` : path);

/** Answer from the edition, if it has the path. */
async function fromEdition(session, request, path) {
  const file = find(session, path), {pathname, search} = new URL(request.url);
  if (file) return answerFile(session, request, file, 200);
  return find(session, `${path}/`) ? Response.redirect(`${pathname}/${search}`, 301) : null;
}

/** Answer with a file; a page gets its slots filled. */
async function answerFile(session, request, file, status) {
  const type = file[1], bytes = await readFile(session, file);
  const body = type === 'text/html' ? encode(fill(new TextDecoder().decode(bytes), session)) : bytes;
  return part(request, body, status, type.startsWith('text/') ? `${type}; charset=utf-8` : type);
}

/** Fill the slots of a page; what is filled in is not searched again. */
function fill(page, session) {
  const notice = Object.keys(NOTICES).filter(name => session[name]).map(name => ({html: NOTICES[name]}));
  const slots = notice.length ? {...session.slots, notice} : session.slots;
  return page.replace(SLOT, (_, name, fallback) => (Object.hasOwn(slots, name) ? joined(slots[name]) : fallback));
}

/** Join the fragments for today on this device. */
function joined(fragments) {
  const now = new Date(), today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  return fragments.filter(({from, until}) => (from ?? today) <= today && today <= (until ?? today))
    .map(({html}) => html).join('');
}

/** Answer with the whole, or with the range asked for. */
function part({method, headers: asked}, whole, status, type) {
  const size = whole.length, range = rangeOf(asked.get('range') ?? '', size), [from, to] = range ?? [0, size];
  const headers = new Headers({'content-type': type, 'cache-control': 'no-store', 'accept-ranges': 'bytes'});
  headers.set('content-length', to - from);
  if (range) headers.set('content-range', from < to ? `bytes ${from}-${to - 1}/${size}` : `bytes */${size}`);
  const body = method === 'HEAD' ? null : whole.subarray(from, to);
  return secured({body, status: !range ? status : from < to ? 206 : 416, headers});
}

/** Read a range into [from, to), empty if it can't be met; null: the whole. */
function rangeOf(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (!first && !last || first && last && +last < +first) return null;
  const from = first ? +first : size - Math.min(last, size);
  return from < size ? [from, first && last ? Math.min(+last + 1, size) : size] : [0, 0];
}
