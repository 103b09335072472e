import type { Rejection, SignalParse } from "../contract/signal.ts";
import type { Envelope, Surroundings } from "./alarm-reading.ts";
import { buildSignal } from "./build-signal.ts";
import { alarmDetailTypes, eventBridgeAlarm } from "./eventbridge-alarm.ts";
import { lambdaAlarm } from "./lambda-alarm.ts";
import { maxEventBytes, measure } from "./measure.ts";
import { rdsEvent, rdsSubscriptionEvent } from "./rds-event.ts";
import { describeValue, headOf, quote, reject } from "./rejection.ts";
import { isRecord } from "./shapes.ts";
import { snsAlarm } from "./sns-alarm.ts";
import { unwrap } from "./unwrap.ts";

const envelopes: readonly Envelope[] = [
  lambdaAlarm,
  eventBridgeAlarm,
  snsAlarm,
  rdsEvent,
  rdsSubscriptionEvent,
];

/** EventBridge → SNS → SQS is three; more is a loop or an attack. */
const maxWrappings = 4;

const expected = `expected a CloudWatch alarm action (alarmData), an EventBridge event (source "aws.cloudwatch", detail-type ${alarmDetailTypes.map(quote).join(" or ")}), an event of RDS (source "aws.rds", or an event subscription), or an alarm notification of SNS, possibly through SQS`;

/** A value on its way in, with the piece of the event to keep should it be refused. */
interface Piece {
  readonly value: unknown;
  readonly raw: unknown;
  readonly wrappings: number;
  readonly around: Surroundings;
}

/**
 * Every signal in an event, and every piece that is none with its reason (SPEC S1 to S4, S9). Never throws. Records
 * of a batch are judged one by one: a bad one becomes one rejection, the others still give signals.
 *
 * @param size bytes of the event as it arrived, when the caller knows; measured otherwise
 */
export function parseSignals(event: unknown, size?: number): SignalParse {
  const whole = measure(event);
  if (whole.kind === "nothing") return only(reject("empty", `the event is empty; ${expected}`, null));
  if (whole.kind === "not-json") {
    return only(
      reject("not-json", `the event cannot be written as JSON: ${whole.why}`, describeValue(event)),
    );
  }
  const bytes = Math.max(whole.bytes, size ?? 0);
  // A batch may be large while each of its records is not: those are measured one by one.
  if (bytes > maxEventBytes && !isBatch(whole.value)) return only(tooLarge(bytes, whole.text));
  return parsePiece({ value: whole.value, raw: whole.value, wrappings: 0, around: { topicArn: null } });
}

function parsePiece(piece: Piece): SignalParse {
  const { value, raw, wrappings } = piece;
  if (!isRecord(value)) return only(notAnEvent(value, raw));
  if (Object.keys(value).length === 0) return only(reject("empty", `the event is empty; ${expected}`, raw));
  if (Array.isArray(value["Records"])) return parseRecords(piece, value["Records"]);
  const wrapped = unwrap(value);
  if (wrapped.kind === "refused") return only(reject(wrapped.code, wrapped.reason, raw, wrapped.field));
  if (wrapped.kind === "not-wrapped") return parseAlarm(piece, value);
  const around = { topicArn: wrapped.topicArn ?? piece.around.topicArn };
  return descend({ value: wrapped.inner, raw, wrappings: wrappings + 1, around });
}

function parseRecords(piece: Piece, records: readonly unknown[]): SignalParse {
  if (records.length === 0) {
    return only(reject("empty", "Records is empty: nothing to read", piece.raw, "Records"));
  }
  // A record that is itself inside a record is refused with the outer one: that is what can be sent again.
  const parses = records.map((record) =>
    parseRecord(piece, record, piece.wrappings === 0 ? record : piece.raw),
  );
  return {
    signals: parses.flatMap((parse) => parse.signals),
    rejected: parses.flatMap((parse) => parse.rejected),
  };
}

function parseRecord(piece: Piece, record: unknown, raw: unknown): SignalParse {
  const measured = measure(record);
  if (measured.kind === "json" && measured.bytes > maxEventBytes)
    return only(tooLarge(measured.bytes, measured.text));
  return descend({ ...piece, value: record, raw, wrappings: piece.wrappings + 1 });
}

function descend(piece: Piece): SignalParse {
  if (piece.wrappings <= maxWrappings) return parsePiece(piece);
  return only(reject("unknown-envelope", `wrapped more than ${maxWrappings} times; ${expected}`, piece.raw));
}

function parseAlarm(piece: Piece, value: Readonly<Record<string, unknown>>): SignalParse {
  const envelope = envelopes.find((candidate) => candidate.matches(value));
  if (envelope === undefined) {
    return only(reject("unknown-envelope", `got ${describeEvent(value)}; ${expected}`, piece.raw));
  }
  const reading = envelope.read(value, piece.around);
  if (reading.kind === "unreadable") {
    return only(reject("wrong-shape", reading.why.reason, piece.raw, reading.why.field));
  }
  const signal = reading.kind === "signal" ? reading.signal : buildSignal(reading.alarm);
  return { signals: [signal], rejected: [] };
}

function describeEvent(value: Readonly<Record<string, unknown>>): string {
  const type = value["detail-type"];
  const source = value["source"] ?? value["eventSource"] ?? value["EventSource"];
  const from = typeof source === "string" ? ` from source ${quote(source)}` : "";
  return typeof type === "string" ? `the event ${quote(type)}${from}` : `${describeValue(value)}${from}`;
}

function notAnEvent(value: unknown, raw: unknown): Rejection {
  if (value === null) return reject("empty", `the event is null; ${expected}`, raw);
  return reject("unknown-envelope", `got ${describeValue(value)}; ${expected}`, raw);
}

function isBatch(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value["Records"]) && value["Records"].length > 1;
}

function tooLarge(bytes: number, text: string): Rejection {
  return reject("too-large", `${bytes} bytes of JSON; at most ${maxEventBytes} are read`, headOf(text));
}

function only(rejection: Rejection): SignalParse {
  return { signals: [], rejected: [rejection] };
}
