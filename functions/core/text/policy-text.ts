/**
 * What would change a statement that a policy of the table, and nothing in its own text, makes slow; null for any other.
 * https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 * @param unplanned why it was not planned, null where it was.
 */
export function policyText(unplanned: string | null): readonly string[] | null {
  return unplanned?.startsWith("row security of ")
    ? [
        "what would change it: a policy that compares the row's column with what is looked up once for the statement (column IN (SELECT …)), in place of a function of each row",
      ]
    : null;
}
