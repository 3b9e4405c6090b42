/** The statements of texts, in SQL that PostgreSQL reads too. */
export const smsSql = {
  smsLastSeq: 'SELECT max(seq) AS seq FROM sms_journal WHERE message_id = ?',
  smsAddFact: 'INSERT INTO sms_journal (message_id, seq, epoch, at, fact) VALUES (?, ?, ?, ?, ?)',
  smsFacts: 'SELECT seq, at, fact FROM sms_journal WHERE message_id = ? ORDER BY seq',

  smsPutMessage: `INSERT INTO sms_messages
      (message_id, resource_id, direction, sender, recipient, at, report_due, ended_at, end_row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (message_id) DO UPDATE SET report_due = excluded.report_due, ended_at = excluded.ended_at,
      end_row = excluded.end_row`,
  smsMessage: 'SELECT * FROM sms_messages WHERE message_id = ?',
  smsOverdue: 'SELECT message_id FROM sms_messages WHERE report_due <= ? ORDER BY report_due LIMIT ?',
  smsNextDue: 'SELECT min(report_due) AS due FROM sms_messages WHERE report_due IS NOT NULL',
  smsOld: 'SELECT message_id FROM sms_messages WHERE ended_at < ? LIMIT ?',

  smsJoin: `INSERT INTO sms_queue (message_id, position, lane, queue, due, body)
    SELECT ?, ?, ?, ?, CASE WHEN count(*) = 0 THEN CAST(? AS BIGINT) END, ? FROM sms_queue WHERE lane = ?`,
  smsTake: 'UPDATE sms_queue SET due = NULL WHERE message_id = ?',
  smsWait: 'UPDATE sms_queue SET queue = ?, due = ? WHERE message_id = ?',
  smsLane: 'SELECT lane FROM sms_queue WHERE message_id = ?',
  smsLeave: 'DELETE FROM sms_queue WHERE message_id = ?',
  smsPromote: `UPDATE sms_queue SET due = ?
    WHERE lane = ? AND position = (SELECT min(position) FROM sms_queue WHERE lane = ?)`,
  smsReady: 'SELECT message_id FROM sms_queue WHERE queue = ? AND due <= ? ORDER BY due, position LIMIT ?',
  smsNextReady: 'SELECT min(due) AS due FROM sms_queue WHERE queue = ? AND due > ?',
  smsText: 'SELECT body FROM sms_queue WHERE message_id = ?',
  smsQueues: 'SELECT queue, count(*) AS length FROM sms_queue GROUP BY queue ORDER BY queue',
  smsRecover: `UPDATE sms_queue SET due = ?
    WHERE due IS NULL AND position IN (SELECT min(position) FROM sms_queue GROUP BY lane)`,

  smsPutCarrierId: `INSERT INTO sms_carrier_ids (carrier, carrier_message_id, message_id, segment) VALUES (?, ?, ?, ?)
    ON CONFLICT (carrier, carrier_message_id) DO UPDATE SET message_id = excluded.message_id, segment = excluded.segment`,
  smsByCarrierId:
    'SELECT message_id, segment FROM sms_carrier_ids WHERE carrier = ? AND carrier_message_id = ?',

  smsPutOptOut: `INSERT INTO sms_opt_outs (resource_id, sender, recipient, since) VALUES (?, ?, ?, ?)
    ON CONFLICT (resource_id, sender, recipient) DO NOTHING`,
  smsDropOptOut: 'DELETE FROM sms_opt_outs WHERE resource_id = ? AND sender = ? AND recipient = ?',
  smsOptOut: 'SELECT since FROM sms_opt_outs WHERE resource_id = ? AND sender = ? AND recipient = ?',

  smsAddPart: `INSERT INTO sms_parts (part_key, number, total, at, carrier, sender, recipient, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (part_key, number) DO NOTHING`,
  smsParts: 'SELECT * FROM sms_parts WHERE part_key = ? ORDER BY number',
  smsCountParts: 'SELECT count(*) AS count FROM sms_parts',
  smsOldestPart: 'SELECT part_key, at FROM sms_parts ORDER BY at LIMIT 1',
  smsDropParts: 'DELETE FROM sms_parts WHERE part_key = ?',

  smsDropJournal: 'DELETE FROM sms_journal WHERE message_id = ?',
  smsDropCarrierIds: 'DELETE FROM sms_carrier_ids WHERE message_id = ?',
  smsDropMessage: 'DELETE FROM sms_messages WHERE message_id = ?',

  wipeSmsMessages: 'DELETE FROM sms_messages',
  wipeSmsJournal: 'DELETE FROM sms_journal',
  wipeSmsQueue: 'DELETE FROM sms_queue',
  wipeSmsCarrierIds: 'DELETE FROM sms_carrier_ids',
  wipeSmsOptOuts: 'DELETE FROM sms_opt_outs',
  wipeSmsParts: 'DELETE FROM sms_parts',
} as const;
