/** The chat page of `examples/`, by clicks: two users and a third in one browser, over a network that breaks. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ChatThreadClient } from '@azure/communication-chat';
import type { Browser, Page } from 'playwright-core';
import { startRingback } from '../../src/testing.ts';
import { type ChatServer, personWith } from '../peers/chat-people.ts';
import { chromiumMissing, openChromium } from '../peers/chromium.ts';
import { openCuttableProxy } from '../peers/cuttable-proxy.ts';

const example = fileURLToPath(new URL('../../examples/chat/serve.mjs', import.meta.url));
const limitMs = 15_000;

interface ServedExample extends AsyncDisposable {
  /** By name, as it prints them. */
  readonly urls: Readonly<Record<string, string>>;
}

async function serveExample(connectionString: string, caFile: string): Promise<ServedExample> {
  const child = spawn(process.execPath, [example], {
    env: { ...process.env, RINGBACK_CONNECTION_STRING: connectionString, NODE_EXTRA_CA_CERTS: caFile },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  const exited = once(child, 'exit');
  const urls: Record<string, string> = {};
  for await (const line of createInterface(child.stdout)) {
    const [name = '', url = ''] = line.split(/\s+/);
    urls[name] = url;
    if (name === 'Carol') break;
  }
  return {
    urls,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

async function visit(browser: Browser, url: string | undefined): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(limitMs);
  await page.goto(url ?? '');
  await see(page, 'Connected');
  return page;
}

/** The user of a page, on another device. */
async function elsewhere(server: ChatServer, url: string | undefined): Promise<ChatThreadClient> {
  const answer = await (await fetch(`${url}/login`)).json();
  const { token, threadId } = answer as { readonly token: string; readonly threadId: string };
  return personWith(server, '', token).in(threadId);
}

const say = async (page: Page, words: string): Promise<void> => {
  await page.getByLabel('Message', { exact: true }).fill(words);
  await page.keyboard.press('Enter');
};
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const see = (page: Page, words: string) => page.getByText(words, { exact: true }).waitFor();
/** What stands on the page, message by message. */
const words = (page: Page) => page.locator('#log > li > p').allTextContents();

describe("the example's chat page", { skip: chromiumMissing(), timeout: 60_000 }, () => {
  test('lets three people chat: everything shows on the others’ pages, also after the connection was cut', async () => {
    const server = await startRingback();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => server.stop());
    const proxy = stack.use(await openCuttableProxy(Number(new URL(server.endpoint).port)));
    const throughProxy = server.connectionString.replace(server.endpoint, `https://localhost:${proxy.port}`);
    const { urls } = stack.use(await serveExample(throughProxy, server.caFile));
    const { browser } = stack.use(await openChromium(server.caFile));
    const [alice, bob] = await Promise.all([visit(browser, urls.Alice), visit(browser, urls.Bob)]);

    await say(alice, 'Shall we meet at noon?');
    await see(bob, 'Shall we meet at noon?');
    await see(alice, 'Read by Bob');
    await bob.getByLabel('Message', { exact: true }).pressSequentially('Yess');
    await see(alice, 'Bob is typing …');
    await bob.keyboard.press('Enter');
    await button(bob, 'Edit Yess').click();
    await say(bob, 'Yes');
    await see(alice, 'Yes');
    await see(alice, 'edited');
    await say(bob, '<img src=x onerror=alert(1)>');
    await see(alice, '<img src=x onerror=alert(1)>');
    await button(bob, 'Delete <img src=x onerror=alert(1)>').click();
    await see(alice, 'This message was deleted.');

    const carol = await visit(browser, urls.Carol);
    await see(carol, 'You are not in this thread.');
    await button(alice, 'Add Carol').click();
    await see(carol, 'Shall we meet at noon?');
    await see(bob, 'Alice added Carol');
    await button(bob, 'Remove Carol').click();
    await see(carol, 'You are not in this thread.');
    await see(alice, 'Bob removed Carol');
    alice.once('dialog', (dialog) => void dialog.accept('Dinner'));
    await button(alice, 'Rename').click();
    await see(bob, 'Alice called this “Dinner”');
    assert.equal(await bob.title(), 'Dinner');

    const phone = await elsewhere(server, urls.Alice);
    proxy.cut();
    await Promise.all([see(alice, 'Reconnecting …'), see(bob, 'Reconnecting …')]);
    await phone.sendMessage({ content: 'Sent from a phone' });
    proxy.mend();
    await Promise.all([see(alice, 'Connected'), see(bob, 'Connected')]);
    await see(bob, 'Sent from a phone');
    await say(bob, 'Back again');
    await see(alice, 'Back again');
    const all = [
      'Shall we meet at noon?',
      'Yes',
      'This message was deleted.',
      'Sent from a phone',
      'Back again',
    ];
    assert.deepEqual(await words(alice), all);
    assert.deepEqual(await words(bob), all);
    for (const page of [alice, bob]) assert.equal(await page.getByRole('alert').count(), 0);
  });
});
