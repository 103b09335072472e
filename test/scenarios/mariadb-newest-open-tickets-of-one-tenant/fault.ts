import { newestOfTenant } from "../faults/newest-of-tenant.ts";

export const scenario = newestOfTenant("mariadb");
