import { changeParameterOffer } from "./aws/change-parameter.ts";
import { growStorageOffer } from "./aws/grow-storage.ts";
import { rebootInstanceOffer } from "./aws/reboot-instance.ts";
import { scaleInstanceClassOffer } from "./aws/scale-instance-class.ts";
import { scaleServerlessCapacityOffer } from "./aws/scale-serverless-capacity.ts";
import { takeSnapshotOffer } from "./aws/take-snapshot.ts";
import { tuneStorageOffer } from "./aws/tune-storage.ts";
import { analyzeTableOffer } from "./database/analyze-table.ts";
import { cancelQueryOffer } from "./database/cancel-query.ts";
import { createIndexOffer } from "./database/create-index.ts";
import { reindexIndexOffer } from "./database/reindex-index.ts";
import { terminateSessionOffer } from "./database/terminate-session.ts";
import { vacuumTableOffer } from "./database/vacuum-table.ts";

/** What can be proposed of databaseActions, in their order. */
export const databaseOffers = [
  cancelQueryOffer,
  terminateSessionOffer,
  analyzeTableOffer,
  vacuumTableOffer,
  reindexIndexOffer,
  createIndexOffer,
] as const;

/** What can be proposed of awsActions, in their order. */
export const awsOffers = [
  takeSnapshotOffer,
  changeParameterOffer,
  tuneStorageOffer,
  growStorageOffer,
  scaleServerlessCapacityOffer,
  rebootInstanceOffer,
  scaleInstanceClassOffer,
] as const;
