/** What a function gets: the whole parameters, or their payload where the machine wraps it. */
export function payloadOf(parameters: unknown): object {
  if (typeof parameters !== "object" || parameters === null) return {};
  const payload = "Payload" in parameters ? parameters.Payload : parameters;
  return typeof payload === "object" && payload !== null ? payload : {};
}
