/** What the browser build of the Chat SDK's transport asks of a browser, and Node does not have. Over `fetch`, nothing simulated. */

type Headers = Record<string, string>;

/** As much of XMLHttpRequest as a text client over GET and POST reads. */
class FetchedRequest {
  withCredentials = false;
  readyState = 0;
  status = 0;
  responseText = '';
  onreadystatechange: ((this: FetchedRequest) => void) | null = null;
  onload: unknown = null;
  onerror: unknown = null;
  readonly #headers: Headers = {};
  readonly #abort = new AbortController();
  #method = 'GET';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.readyState = 1;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  send(body: string | null): void {
    void this.#send(body);
  }

  abort(): void {
    this.#abort.abort();
  }

  async #send(body: string | null): Promise<void> {
    try {
      const answer = await fetch(this.#url, {
        method: this.#method,
        headers: this.#headers,
        body,
        signal: this.#abort.signal,
      });
      this.responseText = await answer.text();
      this.status = answer.status;
    } catch {
      this.status = 0;
    }
    this.readyState = 4;
    this.onreadystatechange?.call(this);
  }
}

/** Before the SDK is loaded: it looks for them then. */
export function installBrowserGlobals(page: string): void {
  Object.assign(globalThis, { self: globalThis, XMLHttpRequest: FetchedRequest, location: new URL(page) });
}
