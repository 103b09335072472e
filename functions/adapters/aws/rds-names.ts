import type { DBInstance } from "@aws-sdk/client-rds";

export interface RdsArn {
  readonly region: string;
  readonly accountId: string;
  readonly id: string;
}

/** `arn:aws:rds:eu-west-1:123456789012:db:orders`; null for a plain identifier. */
export function parseArn(text: string): RdsArn | null {
  const [arn, , service, region, accountId, , id] = text.split(":");
  return arn === "arn" && service === "rds" && region && accountId && id ? { region, accountId, id } : null;
}

export function identifierOf(idOrArn: string): string {
  return parseArn(idOrArn)?.id ?? idOrArn;
}

/** "account/region/name": where the name is an ARN, its own account and Region, else those of the instance. */
export function groupName(instance: DBInstance, idOrArn: string): string {
  const own = parseArn(instance.DBInstanceArn ?? "");
  const { accountId, region, id } = parseArn(idOrArn) ?? {
    accountId: own?.accountId ?? "unknown",
    region: own?.region ?? "unknown",
    id: idOrArn,
  };
  return `${accountId}/${region}/${id}`;
}
