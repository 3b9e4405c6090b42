/** One thread, by the official Chat SDK: what it is asked to do and what it tells. */
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { at, putMessage, putNote, show, showPeople, showReaders } from './view.js';

async function login() {
  const response = await fetch(`${location.pathname}/login`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
const { endpoint, threadId, name, people, token } = await login();
const credential = new AzureCommunicationTokenCredential({
  token,
  tokenRefresher: async () => (await login()).token,
  refreshProactively: true,
});
const client = new ChatClient(endpoint, credential);
const thread = client.getChatThreadClient(threadId);

const personOf = (user) => people.find((one) => one.communicationUserId === user?.communicationUserId);
const nameOf = (user) => personOf(user)?.name ?? 'Somebody';
const isMe = (user) => personOf(user)?.name === name;

/** Whatever fails is said on the page. */
async function attempt(what, deed) {
  try {
    await deed();
    show('trouble', '');
  } catch (error) {
    const outside = error.statusCode === 403;
    show('trouble', outside ? 'You are not in this thread.' : `Cannot ${what}: ${error.message}`);
  }
}

const readers = new Map();
/** The newest message of somebody else, and the one that the others were told is read. */
let newest;
let seen;
/** The message that is being edited. */
let edited;
const text = at('text');

function compose(id, words) {
  edited = id;
  text.value = words;
  show('send', id ? 'Save' : 'Send');
  at('cancel').hidden = !id;
  text.focus();
}

/** A message as it is listed, or as an event brings it. */
function take({ id, content, message, sender, ...rest }) {
  const words = content?.message ?? message;
  const mine = isMe(sender) && {
    edit: () => compose(id, words),
    remove: () => attempt('delete it', () => thread.deleteMessage(id)),
  };
  putMessage(id, { ...rest, words, from: mine ? 'You' : nameOf(sender), ...mine });
  showReaders(readers);
}

const listed = ({ participants }) => participants.map(({ id }) => nameOf(id)).join(', ');
const notes = {
  topicUpdated: ({ topic }) => `called this “${topic}”`,
  participantAdded: (content) => `added ${listed(content)}`,
  participantRemoved: (content) => `removed ${listed(content)}`,
};

/** Who looks at the page reads what stands there. */
function read() {
  if (newest === seen || !document.hasFocus()) return;
  seen = newest;
  void attempt('tell that it is read', () => thread.sendReadReceipt({ chatMessageId: newest }));
}

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function refreshPeople() {
  const here = (await all(thread.listParticipants())).map(({ id }) => nameOf(id));
  const entry = ({ name: who, communicationUserId }) => {
    const isHere = here.includes(who);
    const id = { communicationUserId };
    const added = { participants: [{ id, displayName: who, shareHistoryTime: new Date(0) }] };
    const act = () =>
      attempt('change who is here', () =>
        isHere ? thread.removeParticipant(id) : thread.addParticipants(added),
      );
    if (who === name) return { name: `${who} (you)`, isHere };
    return { name: who, isHere, label: isHere ? 'Remove' : 'Add', act };
  };
  showPeople(people.map(entry));
}

/** All there is; also after a time without notifications. */
const refresh = () =>
  attempt('read the thread', async () => {
    const { topic } = await thread.getProperties();
    document.title = topic;
    show('topic', topic);
    const messages = await all(thread.listMessages());
    messages.sort((one, other) => Number(one.sequenceId) - Number(other.sequenceId));
    for (const message of messages) {
      const note = notes[message.type]?.(message.content);
      if (note) putNote(message.id, `${nameOf(message.content.initiator)} ${note}`);
      else take(message);
    }
    newest = messages.findLast(({ type, sender }) => !notes[type] && !isMe(sender))?.id;
    read();
    await refreshPeople();
  });

let silence;
const told = {
  chatMessageReceived(event) {
    take(event);
    show('typing', '');
    if (!isMe(event.sender)) newest = event.id;
    read();
  },
  chatMessageEdited: take,
  chatMessageDeleted: take,
  typingIndicatorReceived({ sender }) {
    if (isMe(sender)) return;
    show('typing', `${nameOf(sender)} is typing …`);
    clearTimeout(silence);
    silence = setTimeout(() => show('typing', ''), 8000);
  },
  readReceiptReceived({ sender, chatMessageId }) {
    if (!isMe(sender)) readers.set(nameOf(sender), chatMessageId);
    showReaders(readers);
  },
  participantsAdded: refresh,
  participantsRemoved: refresh,
  chatThreadPropertiesUpdated: refresh,
  chatThreadDeleted: refresh,
};

at('form').onsubmit = async (event) => {
  event.preventDefault();
  const content = text.value.trim();
  const id = edited;
  if (content === '') return;
  compose(undefined, '');
  await attempt('send it', async () => {
    try {
      await (id ? thread.updateMessage(id, { content }) : thread.sendMessage({ content }));
    } catch (error) {
      compose(id, content);
      throw error;
    }
  });
};
at('cancel').onclick = () => compose(undefined, '');
at('rename').onclick = () => {
  const topic = prompt('What is this about?', at('topic').textContent);
  if (topic) void attempt('rename the thread', () => thread.updateTopic(topic));
};
let noticed = 0;
text.oninput = () => {
  if (edited || Date.now() - noticed < 6000) return;
  noticed = Date.now();
  void attempt('tell that you are typing', () => thread.sendTypingNotification());
};
addEventListener('focus', read);

show('me', name);
await refresh();
await attempt('see who has read what', async () => {
  for (const receipt of await all(thread.listReadReceipts())) told.readReceiptReceived(receipt);
});
client.on('realTimeNotificationConnected', () => {
  show('state', 'Connected', 'up');
  void refresh();
});
client.on('realTimeNotificationDisconnected', () => show('state', 'Reconnecting …', 'down'));
await attempt('be told of what is new', async () => {
  await client.startRealtimeNotifications();
  for (const [event, handle] of Object.entries(told))
    client.on(event, (about) => about.threadId === threadId && handle(about));
});
