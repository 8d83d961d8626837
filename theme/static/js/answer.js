/* Answers made of opened files: paths, ranges, headers. */
'use strict';

const HERE = SCOPE.replace(/[;,]/g, encodeURIComponent); // these end a source in a policy

const OURS = `${HERE}sw.js`; // for Firefox, answers of the worker also come from here

// Scripts come from the theme alone: no attachment runs as one.
const SECURITY = {
  'content-security-policy': `default-src 'none'; script-src ${HERE}theme/js/ ${OURS}; ` +
    `style-src ${HERE}theme/ ${HERE}assets/ ${OURS}; img-src ${HERE} data:; media-src ${HERE}; ` +
    `font-src ${HERE}theme/ ${OURS}; connect-src ${HERE} ${ENDPOINT}; worker-src ${OURS}; ` +
    `form-action ${ENDPOINT || "'none'"}; ` +
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Give an answer the headers that many hosts cannot set.
 * @param {Answer | Response} response
 * @returns {Response}
 */
function secured(response) {
  const {body, status} = response;
  if (response instanceof Response && !status) return response; // a redirect or an error
  const headers = new Headers({...Object.fromEntries(response.headers), ...SECURITY});
  if (headers.has('content-encoding')) headers.delete('content-length'); // the browser has decoded the body
  headers.delete('content-encoding');
  return new Response(body, {status, headers});
}

/**
 * Give the path of a file, or of the index of a folder.
 * @param {string} path
 * @returns {string}
 */
function fileOf(path) {
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/**
 * Find the file of a path, or the index of a folder.
 * @param {Session} session
 * @param {string} path
 * @returns {SealedFile | undefined}
 */
function find(session, path) {
  return session.files.get(fileOf(path));
}

/**
 * Answer from the edition, if it has the path.
 * @param {Session} session
 * @param {Request} request
 * @param {string} path
 * @returns {Promise<Response | null>}
 */
async function fromEdition(session, request, path) {
  const file = find(session, path);
  if (file) return answerFile(session, request, file, 200);
  if (!find(session, `${path}/`)) return null;
  const {origin, pathname, search} = new URL(request.url);
  return Response.redirect(`${origin}${pathname}/${search}`, 301);
}

/**
 * Answer with a file; the slots of a page are filled.
 * @param {Session} session
 * @param {Request} request
 * @param {SealedFile} file
 * @param {number} status
 * @param {string} [reason]
 * @returns {Promise<Response>}
 */
async function answerFile(session, request, file, status, reason) {
  const type = file[1];
  const bytes = await readFile(session, file);
  const body = type === 'text/html' ? encode(await filled(new TextDecoder().decode(bytes), session, reason)) : bytes;
  return part(request, body, status, type.startsWith('text/') ? `${type}; charset=utf-8` : type);
}

/**
 * Fill the slots of a page, from the record and from files of the member with one slot each.
 * @param {string} page
 * @param {Session} session
 * @param {string} [reason]
 * @returns {Promise<string>}
 */
async function filled(page, session, reason) {
  const slots = {...session.slots};
  for (const [, name] of page.matchAll(SLOT)) {
    const file = Object.hasOwn(slots, name) ? undefined : session.files.get(`slots/${name}.html`);
    if (file) slots[name] = [{html: new TextDecoder().decode(await readFile(session, file))}];
  }
  return fill(page, {...session, slots}, reason);
}

/**
 * Answer with the whole body, or with the range that the request asks for.
 * @param {Request} request
 * @param {Bytes} whole
 * @param {number} status
 * @param {string} type
 * @returns {Response}
 */
function part(request, whole, status, type) {
  const size = whole.length;
  const range = rangeOf(request.headers.get('range') ?? '', size);
  const [from, to] = range ?? [0, size];
  const headers = new Headers({'content-type': type, 'cache-control': 'no-store', 'accept-ranges': 'bytes'});
  headers.set('content-length', String(to - from));
  const body = request.method === 'HEAD' ? null : whole.subarray(from, to);
  if (!range) return secured({body, status, headers});
  const isMet = from < to;
  headers.set('content-range', isMet ? `bytes ${from}-${to - 1}/${size}` : `bytes */${size}`);
  return secured({body, status: isMet ? 206 : 416, headers});
}

/**
 * Read a range into [from, to), empty if it cannot be met; null asks for the whole.
 * @param {string} header
 * @param {number} size
 * @returns {[from: number, to: number] | null}
 */
function rangeOf(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (!first && !last) return null;
  const from = first ? Number(first) : size - Math.min(Number(last), size);
  const to = first && last ? Number(last) + 1 : Infinity;
  if (to <= from) return null;
  return from < size ? [from, Math.min(to, size)] : [0, 0];
}
