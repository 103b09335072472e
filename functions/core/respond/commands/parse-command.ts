/** What somebody wrote behind /db. */
export type SlashCommand =
  | { readonly kind: "status" | "ack"; readonly name: string | null }
  | { readonly kind: "diagnose" | "failover" | "snooze-off"; readonly name: string }
  | { readonly kind: "snooze"; readonly name: string; readonly seconds: number; readonly reason: string }
  | { readonly kind: "not-one"; readonly says: string };

const usage = [
  "/db status [NAME]: what is open, and who is snoozed",
  "/db diagnose NAME: look at a database now",
  "/db ack [NAME or incident]: you have it in hand; nobody else is called for a while, unless it gets worse",
  "/db snooze NAME 2h REASON: nothing is done to it for that time; /db snooze NAME off ends it",
  "/db failover NAME: what to do by hand",
].join("\n");

/** Of an instance, a cluster or an incident: whatever else somebody types goes nowhere. */
const nameShape = /^[a-z][a-z0-9-]{0,62}$/;

export function parseCommand(text: string): SlashCommand {
  const [verb = "", word, ...rest] = text.trim().split(/\s+/);
  const name = word === undefined ? null : word.toLowerCase();
  if (name !== null && !nameShape.test(name)) return notOne("That is no name of a database.");
  switch (verb.toLowerCase()) {
    case "status":
    case "ack":
      return { kind: verb.toLowerCase() === "ack" ? "ack" : "status", name };
    case "diagnose":
    case "failover":
      if (name === null) return notOne(`Which database? ${verb} takes its name.`);
      return { kind: verb.toLowerCase() === "diagnose" ? "diagnose" : "failover", name };
    case "snooze":
      return name === null ? notOne("Which database? snooze takes its name.") : snoozeOf(name, rest);
    default:
      return notOne(verb === "" || verb === "help" ? "" : "There is no such command.");
  }
}

function snoozeOf(name: string, [time, ...words]: readonly string[]): SlashCommand {
  if (time?.toLowerCase() === "off") return { kind: "snooze-off", name };
  const seconds = time === undefined ? null : secondsOf(time);
  if (seconds === null) return notOne("For how long? Write 30m, 2h or 1h30m behind the name.");
  const reason = words.join(" ").slice(0, 200);
  if (reason === "") return notOne("Why? Whoever meets the snooze wants to know: write it behind the time.");
  return { kind: "snooze", name, seconds, reason };
}

/** "30m", "2h", "1h30m" in seconds; null for anything else, and for nothing at all. */
export function secondsOf(time: string): number | null {
  const [, hours = "0", minutes = "0"] =
    /^(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?$/.exec(time.toLowerCase()) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return seconds > 0 ? seconds : null;
}

function notOne(why: string): SlashCommand {
  return { kind: "not-one", says: why === "" ? usage : `${why}\n${usage}` };
}
