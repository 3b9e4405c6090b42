/** What stands on the page. Words of others come in as text, never as markup. */
export const at = (id) => document.getElementById(id);

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const button = (label, about, onclick) =>
  element('button', { type: 'button', textContent: label, ariaLabel: `${label} ${about}`, onclick });

export const show = (id, words, className = '') => Object.assign(at(id), { textContent: words, className });

/** `line` is put where a line of that id stands, or at the end. */
function put(line) {
  const before = at(line.id);
  if (before) before.replaceWith(line);
  else at('log').append(line);
  if (!before) line.scrollIntoView({ block: 'nearest' });
}

export const putNote = (id, words) => put(element('li', { id, className: 'note', textContent: words }));

/** `edit` and `remove` are there for one's own messages. */
export function putMessage(id, { from, words, createdOn, editedOn, deletedOn, edit, remove }) {
  const line = element('li', { id, className: remove ? 'own' : 'theirs' });
  const time = element('time', {
    dateTime: createdOn.toISOString(),
    textContent: createdOn.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
  });
  const changed = editedOn && !deletedOn ? [element('i', { textContent: 'edited' })] : [];
  line.append(element('header', {}, element('b', { textContent: from }), time, ...changed));
  if (deletedOn) line.append(element('p', { className: 'gone', textContent: 'This message was deleted.' }));
  else line.append(element('p', { textContent: words }));
  if (remove && !deletedOn)
    line.append(element('footer', {}, button('Edit', words, edit), button('Delete', words, remove)));
  if (remove) line.append(element('small', {}));
  put(line);
}

/** `readers`: the last message that each of them has read, by their names. Ids of messages grow. */
export function showReaders(readers) {
  const own = [...at('log').querySelectorAll('.own')];
  for (const line of own) line.querySelector('small').textContent = '';
  for (const [name, read] of readers) {
    const small = own.findLast(({ id }) => Number(id) <= Number(read))?.querySelector('small');
    if (small) small.textContent = small.textContent ? `${small.textContent}, ${name}` : `Read by ${name}`;
  }
}

/** `act` is what the button beside a name does. */
export const showPeople = (people) =>
  at('people').replaceChildren(
    ...people.map(({ name, isHere, label, act }) =>
      element('li', { className: isHere ? '' : 'away' }, name, ...(act ? [button(label, name, act)] : [])),
    ),
  );
