import { replicaDdlBehindReader } from "../faults/replica-ddl-behind-reader.ts";

export const scenario = replicaDdlBehindReader("mysql");
