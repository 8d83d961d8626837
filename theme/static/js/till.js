'use strict';
/* The till: answers to a code at once, without a network, and notes what was redeemed on this device. After coupon.js. */

const PLACE = `till ${new URL(document.body.dataset.root || './', document.baseURI).pathname}`; // in localStorage
const part = name => document.querySelector(`[data-till="${name}"]`);
const written = letters => letters.match(/.{4}/g).join('-');
const nowHere = () => document.body.dataset.today ? `${document.body.dataset.today}T12:00:00.000Z`
  : new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
const today = () => nowHere().slice(0, 10);
const longDay = day =>
  new Date(day).toLocaleDateString(document.documentElement.lang, {dateStyle: 'long', timeZone: 'UTC'});

const isTouched = matchMedia('(pointer: coarse)').matches;
const focus = () => isTouched || part('code').focus();

const noted = () => JSON.parse(localStorage.getItem(PLACE) ?? '[]');
const note = uses => localStorage.setItem(PLACE, JSON.stringify(uses));

/** Copy a template of the page's own words, with facts in it; a part whose fact is missing is left out. */
function worded(name, facts) {
  const words = document.querySelector(`template[data-till-words="${name}"]`).content.cloneNode(true);
  for (const place of words.querySelectorAll('[data-if]')) if (!facts[place.dataset.if]) place.remove();
  for (const place of words.querySelectorAll('[data-fact]')) place.textContent = facts[place.dataset.fact];
  return words;
}

let asked = 0; // answers to anything but the last question are dropped

/** Answer what stands in the field. */
async function check(till) {
  const turn = asked += 1, field = part('code');
  const verdict = await readCoupon(field.value, till.offers, today(), noted());
  if (turn !== asked) return;
  if (verdict.outcome === 'access-code') field.value = '';
  answer(verdict.outcome, verdict);
  if (isTouched && verdict.outcome !== 'mistyped') field.blur(); // its keyboard would hide the answer
  part('redeem')?.addEventListener('click', () => redeem(till, verdict));
}

/** Show an answer. */
function answer(outcome, {offer, days = [], group, letters}) {
  const facts = {...offer, group, code: letters && written(letters)};
  if (offer) Object.assign(facts, {starts: longDay(offer.starts), ends: longDay(offer.ends)});
  if (offer?.limit > 1) facts.count = `${days.length + (outcome === 'valid')} / ${offer.limit}`;
  facts.last = days.length && longDay([...days].sort().at(-1));
  part('answer').dataset.outcome = outcome;
  part('answer').replaceChildren(worded(outcome, facts));
}

/** Take the answer away: a code is being typed. */
function rest() {
  asked += 1;
  answer('rest', {});
}

/** Note a use, if it is still allowed: another tab may have noted one meanwhile. */
async function redeem(till, {letters}) {
  const uses = noted(), verdict = await readCoupon(letters, till.offers, today(), uses), {offer} = verdict;
  if (verdict.outcome !== 'valid') return answer(verdict.outcome, verdict);
  const {id, title, points} = offer, day = today();
  try {
    note([...uses, {offer: id, title, points, letters, day, time: nowHere().slice(11, 16)}]);
  } catch {
    return answer('full', verdict);
  }
  answer('redeemed', verdict);
  part('code').value = '';
  focus();
  list();
}

/** List what was redeemed today, or earlier and not downloaded yet. */
function list() {
  const uses = noted(), shown = uses.filter(({day, file}) => !file || day === today()).reverse();
  part('list').replaceChildren(...shown.map(row));
  part('none').hidden = shown.length;
  part('redeemed').hidden = !shown.length;
  part('count').textContent = uses.filter(({file}) => !file).length;
}

function row(use) {
  const words = worded('row', {...use, when: `${longDay(use.day)}, ${use.time}`, code: written(use.letters), open: !use.file});
  words.querySelector('button')?.addEventListener('click', () => {
    note(noted().filter(other => JSON.stringify(other) !== JSON.stringify(use)));
    list();
    rest();
  });
  return words;
}

/** Save what wasn't saved yet as lines of the ledger; when nothing is new, the last file again. */
function download() {
  const uses = noted(), file = uses.every(use => use.file) ? uses.at(-1).file : nowHere().slice(0, 19).replace(/:/g, '.');
  for (const use of uses) use.file ??= file;
  const lines = uses.filter(use => use.file === file)
    .map(({day, points, letters}) => `${day},,redemption,${points},${written(letters)}\r\n`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['date,member,kind,points,reference\r\n', ...lines], {type: 'text/csv'}));
  link.download = `till-${file}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  note(uses);
  list();
}

/** Set the till up. Uses that were handed in, of offers that are no more, are forgotten. */
function begin() {
  const till = JSON.parse(part('data').textContent), known = new Set(till.offers.map(({id}) => id));
  note(noted().filter(({offer, file}) => !file || known.has(offer)));
  part('form').addEventListener('submit', event => {
    event.preventDefault();
    part('code').select();
    check(till);
  });
  part('code').addEventListener('input', ({target}) => {
    if ([COUPON, LENGTH].includes(normalise(target.value).length)) check(till);
    else rest();
  });
  part('download').addEventListener('click', download);
  rest();
  list();
  focus();
}

if (part('data')) begin();
