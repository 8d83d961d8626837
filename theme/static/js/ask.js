/* On every page: how it asks the worker. */
'use strict';

/**
 * Ask the worker and wait for its reply.
 * @param {ServiceWorker} worker
 * @param {{do: string} & Record<string, unknown>} question
 * @returns {Promise<Reply>}
 */
function ask(worker, question) {
  const {port1, port2} = new MessageChannel();
  worker.postMessage(question, [port2]);
  return new Promise(resolve => {
    port1.onmessage = ({data}) => resolve(data);
  });
}
