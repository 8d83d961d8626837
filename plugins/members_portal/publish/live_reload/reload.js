/* In pages of the preview: reload after a publish, and show the problems of a publish that failed. */
'use strict';

{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const RELOADED = 'preview-reloaded'; // the last publish that this tab was reloaded for
  const STYLE = `
    :host { all: initial; }
    section {
      position: fixed; inset: auto 0 0; z-index: 2147483647; box-sizing: border-box; max-height: 70vh; overflow: auto;
      padding: 1rem 1.25rem 1.25rem; border-top: 4px solid #d6455d; background: #1b1d22; color: #f2f2f0;
      box-shadow: 0 -8px 32px rgb(0 0 0 / 40%); font: 1rem/1.5 system-ui, sans-serif; color-scheme: dark;
    }
    header { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
    h2 { margin: 0; font-size: 1.0625rem; }
    p { margin: .125rem 0 0; color: #c3c5ca; }
    ol { margin: .875rem 0 0; padding: 0; list-style: none; }
    li { padding: .625rem 0; border-top: 1px solid #3a3d45; overflow-wrap: anywhere; white-space: pre-line; }
    code { display: block; color: #ffb3bd; font: .875rem/1.5 ui-monospace, monospace; }
    button {
      flex: none; min-height: 2.25rem; padding: 0 .875rem; border: 1px solid #7d818b; border-radius: .375rem;
      background: none; color: inherit; font: inherit; cursor: pointer;
    }
    button:focus-visible { outline: 3px solid #8ab4ff; outline-offset: 2px; }
    @media print { section { display: none; } }
  `;
  const NAME = `preview ${new URL('.', script.src).pathname}`;
  const tabs = new BroadcastChannel(NAME);
  let newest = ''; // the newest event, in the tab that has the connection
  /** @type {HTMLElement | null} */
  let panel = null;

  /**
   * Make an element with a text.
   * @param {string} name
   * @param {string} [text]
   * @returns {HTMLElement}
   */
  function make(name, text = '') {
    return Object.assign(document.createElement(name), {textContent: text});
  }

  /** Remove the panel. */
  function hide() {
    panel?.remove();
    panel = null;
  }

  /**
   * Make the list of faults.
   * @param {{place: string, text: string}[]} faults
   * @returns {HTMLElement}
   */
  function list(faults) {
    const items = make('ol');
    for (const {place, text} of faults) {
      const item = make('li');
      item.append(...place ? [make('code', place)] : [], text);
      items.append(item);
    }
    return items;
  }

  /**
   * Show the faults of a publish that failed over the page of the last good one.
   * @param {{title: string, faults: {place: string, text: string}[]}} state
   */
  function show({title, faults}) {
    hide();
    panel = make('members-portal-preview');
    const section = make('section');
    const [header, heading, button] = [make('header'), make('div'), make('button', 'Hide')];
    section.setAttribute('role', 'alert');
    heading.append(make('h2', title), make('p', 'This page is of the last publish without an error.'));
    header.append(heading, button);
    section.append(header, list(faults));
    button.addEventListener('click', hide);
    const sheet = new CSSStyleSheet(); // the policy of pages allows no style element
    sheet.replaceSync(STYLE);
    const shadow = panel.attachShadow({mode: 'open'});
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(section);
    document.body.append(panel);
  }

  /** Reload when the worker has the new publish. */
  function reload() {
    const worker = navigator.serviceWorker?.controller;
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => location.reload();
    if (worker) worker.postMessage({do: 'news', publish: ''}, [port2]);
    else location.reload();
  }

  /**
   * Reload a page of another publish, once for each publish; else show or hide the panel.
   * @param {string} data
   */
  function follow(data) {
    const state = JSON.parse(data);
    if (state.publish !== script.dataset.publish && sessionStorage.getItem(RELOADED) !== state.publish) {
      sessionStorage.setItem(RELOADED, state.publish);
      reload();
    } else if (state.faults.length) {
      show(state);
    } else {
      hide();
    }
  }

  /**
   * Follow the events of the server, and pass them on to the other tabs; the page holds the lock until it is left.
   * @returns {Promise<never>}
   */
  function lead() {
    const stream = new EventSource(new URL('_/preview', script.src));
    stream.addEventListener('message', ({data}) => {
      newest = data;
      tabs.postMessage(data);
      follow(data);
    });
    return new Promise(() => {});
  }

  // One tab has the connection: browsers open at most six to a host.
  tabs.addEventListener('message', ({data}) => {
    if (data) follow(data);
    else if (newest) tabs.postMessage(newest);
  });
  tabs.postMessage('');
  navigator.locks.request(NAME, lead);
}
