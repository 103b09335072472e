import { escapeXml, xmlAnswer } from "../api/aws-call.ts";
import type { RdsEvent } from "../world/events.ts";
import { parameter, type RdsCall, type RdsHandler } from "./rds-call.ts";

/** moto knows of little that happens; what the lab did stands before what it says. */
export const describeEvents: RdsHandler = async (rds) => {
  const { world, call } = rds;
  const answer = await world.moto.pass(call);
  if (answer.status >= 300) return answer;
  const own = world.events.entries().filter(wanted(rds)).map(xmlOf).join("");
  const body = answer.body.toString();
  const merged = body.includes("<Events/>")
    ? body.replace("<Events/>", () => `<Events>${own}</Events>`)
    : body.replace("<Events>", () => `<Events>${own}`);
  return xmlAnswer(200, merged);
};

/** The last hour, when no time is told. */
function wanted(rds: RdsCall): (event: RdsEvent) => boolean {
  const [id, type] = [parameter(rds, "SourceIdentifier"), parameter(rds, "SourceType")];
  const minutes = Number(parameter(rds, "Duration") ?? 60);
  const from = Date.parse(parameter(rds, "StartTime") ?? "") || Date.now() - minutes * 60_000;
  const to = Date.parse(parameter(rds, "EndTime") ?? "") || Number.POSITIVE_INFINITY;
  return (event) =>
    (id === null || event.id === id.toLowerCase()) &&
    (type === null || event.sourceType === type) &&
    event.at.getTime() >= from &&
    event.at.getTime() <= to;
}

function xmlOf({ at, id, sourceType, category, message }: RdsEvent): string {
  const categories = `<EventCategories><EventCategory>${category}</EventCategory></EventCategories>`;
  const source = `<SourceIdentifier>${id}</SourceIdentifier><SourceType>${sourceType}</SourceType>`;
  return `<Event>${source}<Message>${escapeXml(message)}</Message>${categories}<Date>${at.toISOString()}</Date></Event>`;
}
