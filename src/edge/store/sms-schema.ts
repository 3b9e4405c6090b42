/** Tables of texts. Who is ready is found by queue and time, who is next by lane and position. */
export const smsTables = (clustered: string): readonly string[] => [
  `CREATE TABLE sms_messages (
     message_id TEXT PRIMARY KEY, resource_id TEXT NOT NULL, direction TEXT NOT NULL, sender TEXT NOT NULL,
     recipient TEXT NOT NULL, at BIGINT NOT NULL, report_due BIGINT, ended_at BIGINT, end_row TEXT)${clustered}`,
  'CREATE INDEX sms_messages_by_due ON sms_messages (report_due) WHERE report_due IS NOT NULL',
  'CREATE INDEX sms_messages_by_end ON sms_messages (ended_at) WHERE ended_at IS NOT NULL',
  `CREATE TABLE sms_journal (
     message_id TEXT NOT NULL, seq BIGINT NOT NULL, epoch BIGINT NOT NULL, at BIGINT NOT NULL, fact TEXT NOT NULL,
     PRIMARY KEY (message_id, seq))${clustered}`,
  `CREATE TABLE sms_queue (
     message_id TEXT PRIMARY KEY, position BIGINT NOT NULL, lane TEXT NOT NULL, queue TEXT NOT NULL, due BIGINT,
     body TEXT NOT NULL)${clustered}`,
  'CREATE INDEX sms_queue_ready ON sms_queue (queue, due, position) WHERE due IS NOT NULL',
  'CREATE UNIQUE INDEX sms_queue_by_lane ON sms_queue (lane, position)',
  `CREATE TABLE sms_carrier_ids (
     carrier TEXT NOT NULL, carrier_message_id TEXT NOT NULL, message_id TEXT NOT NULL, segment BIGINT NOT NULL,
     PRIMARY KEY (carrier, carrier_message_id))${clustered}`,
  'CREATE INDEX sms_carrier_ids_by_message ON sms_carrier_ids (message_id)',
  `CREATE TABLE sms_opt_outs (
     resource_id TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, since BIGINT NOT NULL,
     PRIMARY KEY (resource_id, sender, recipient))${clustered}`,
  `CREATE TABLE sms_parts (
     part_key TEXT NOT NULL, number BIGINT NOT NULL, total BIGINT NOT NULL, at BIGINT NOT NULL, carrier TEXT NOT NULL,
     sender TEXT NOT NULL, recipient TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (part_key, number))${clustered}`,
  'CREATE INDEX sms_parts_by_time ON sms_parts (at)',
];
