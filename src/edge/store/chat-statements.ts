/** Chat's statements, in SQL that PostgreSQL reads too. */
export const chatSql = {
  chatLastSeq: 'SELECT max(seq) AS seq FROM chat_journal WHERE thread_id = ?',
  chatAddFact: `INSERT INTO chat_journal (thread_id, seq, epoch, at, message_id, fact) VALUES (?, ?, ?, ?, ?, ?)`,
  chatFactsAfter: 'SELECT seq, at, fact FROM chat_journal WHERE thread_id = ? AND seq > ? ORDER BY seq',
  chatFactsOfMessage: `SELECT seq, at, fact FROM chat_journal WHERE thread_id = ? AND message_id = ? ORDER BY seq`,
  chatPutSnapshot: `INSERT INTO chat_snapshots (thread_id, seq, state) VALUES (?, ?, ?)
    ON CONFLICT (thread_id) DO UPDATE SET seq = excluded.seq, state = excluded.state`,
  chatSnapshot: 'SELECT seq, state FROM chat_snapshots WHERE thread_id = ?',

  chatPutThread: `INSERT INTO chat_threads
      (thread_id, resource_id, topic, created_at, active_at, last_message_at, deleted_at, purge_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (thread_id) DO UPDATE SET topic = excluded.topic, active_at = excluded.active_at,
      last_message_at = excluded.last_message_at, deleted_at = excluded.deleted_at, purge_at = excluded.purge_at`,
  chatThread: 'SELECT * FROM chat_threads WHERE thread_id = ?',
  chatPurges: `SELECT thread_id, purge_at FROM chat_threads
    WHERE purge_at IS NOT NULL AND deleted_at IS NULL ORDER BY purge_at LIMIT ?`,
  chatToEmpty: `SELECT thread_id FROM chat_threads WHERE deleted_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM chat_messages WHERE chat_messages.thread_id = chat_threads.thread_id)`,
  chatOldThreads: 'SELECT thread_id FROM chat_threads WHERE deleted_at < ? LIMIT ?',

  chatPutMember: `INSERT INTO chat_members (user_id, thread_id) VALUES (?, ?) ON CONFLICT (user_id, thread_id) DO NOTHING`,
  chatDropMember: 'DELETE FROM chat_members WHERE user_id = ? AND thread_id = ?',
  chatThreadsOf: 'SELECT thread_id FROM chat_members WHERE user_id = ? ORDER BY thread_id',
  chatThreads: `SELECT t.* FROM chat_members m JOIN chat_threads t ON t.thread_id = m.thread_id
    WHERE m.user_id = ? AND t.resource_id = ? AND t.active_at >= ?
      AND (t.active_at < ? OR (t.active_at = ? AND t.thread_id < ?))
    ORDER BY t.active_at DESC, t.thread_id DESC LIMIT ?`,

  chatPutMessage: `INSERT INTO chat_messages (thread_id, message_id, version, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (thread_id, message_id) DO UPDATE SET version = excluded.version, body = excluded.body`,
  chatMessage: 'SELECT message_id, version, body FROM chat_messages WHERE thread_id = ? AND message_id = ?',
  chatMessages: `SELECT message_id, version, body FROM chat_messages
    WHERE thread_id = ? AND version < ? AND version <= ? AND version >= ? AND message_id >= ?
    ORDER BY version DESC LIMIT ?`,
  chatThreadsWithMessage: `SELECT DISTINCT thread_id FROM chat_journal WHERE message_id = ? ORDER BY thread_id LIMIT 100`,
  chatSomeMessages: 'SELECT message_id FROM chat_messages WHERE thread_id = ? LIMIT ?',
  chatDropMessage: 'DELETE FROM chat_messages WHERE thread_id = ? AND message_id = ?',

  chatDropMessages: 'DELETE FROM chat_messages WHERE thread_id = ?',
  chatDropJournal: 'DELETE FROM chat_journal WHERE thread_id = ?',
  chatDropSnapshot: 'DELETE FROM chat_snapshots WHERE thread_id = ?',
  chatDropMembers: 'DELETE FROM chat_members WHERE thread_id = ?',
  chatDropThread: 'DELETE FROM chat_threads WHERE thread_id = ?',

  wipeChatJournal: 'DELETE FROM chat_journal',
  wipeChatSnapshots: 'DELETE FROM chat_snapshots',
  wipeChatThreads: 'DELETE FROM chat_threads',
  wipeChatMembers: 'DELETE FROM chat_members',
  wipeChatMessages: 'DELETE FROM chat_messages',
} as const;
