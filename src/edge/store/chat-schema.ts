/** Chat's tables. A message is sought by its thread and id, and listed by its thread and version. */
export const chatTables = (clustered: string): readonly string[] => [
  `CREATE TABLE chat_threads (
     thread_id TEXT PRIMARY KEY, resource_id TEXT NOT NULL, topic TEXT NOT NULL, created_at BIGINT NOT NULL,
     active_at BIGINT NOT NULL, last_message_at BIGINT, deleted_at BIGINT, purge_at BIGINT)${clustered}`,
  'CREATE INDEX chat_threads_by_purge ON chat_threads (purge_at)',
  'CREATE INDEX chat_threads_by_deletion ON chat_threads (deleted_at)',
  `CREATE TABLE chat_journal (
     thread_id TEXT NOT NULL, seq BIGINT NOT NULL, epoch BIGINT NOT NULL, at BIGINT NOT NULL, message_id BIGINT,
     fact TEXT NOT NULL, PRIMARY KEY (thread_id, seq))${clustered}`,
  'CREATE INDEX chat_journal_by_message ON chat_journal (message_id, thread_id, seq)',
  `CREATE TABLE chat_snapshots (thread_id TEXT PRIMARY KEY, seq BIGINT NOT NULL, state TEXT NOT NULL)`,
  `CREATE TABLE chat_members (
     user_id TEXT NOT NULL, thread_id TEXT NOT NULL, PRIMARY KEY (user_id, thread_id))${clustered}`,
  'CREATE INDEX chat_members_by_thread ON chat_members (thread_id)',
  // Not clustered: bodies are long, and the list walks its own index.
  `CREATE TABLE chat_messages (
     thread_id TEXT NOT NULL, message_id BIGINT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (thread_id, message_id))`,
  'CREATE UNIQUE INDEX chat_messages_by_version ON chat_messages (thread_id, version)',
];
