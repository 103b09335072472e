/** Begins every statement that the responder sends: statistics keep it, so that nobody takes its work for theirs. */
export const ownMarker = "/* rds-responder */";
