/**
 * What Aurora and RDS add to the servers' messages; their programs are nobody else's to read.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Troubleshooting.html
 */
export const managedMessages: readonly string[] = [
  "Read Replica has fallen behind the master too much. Restarting MySQL",
  "Reader has fallen behind the master too far. Restarting the reader",
  "Reader is unable to keep up with the writer and will be restarted",
  "No more space left in undo tablespace",
  "Storage volume is full, transactions are rolled back",
  "The database process was terminated as it ran out of memory",
];
