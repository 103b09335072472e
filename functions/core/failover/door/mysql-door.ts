import { fenceMysql, unfenceMysql } from "./mysql-fence.ts";
import { lookAtMysql } from "./mysql-look.ts";
import type { EngineDoor } from "./node-way.ts";

/** Of MySQL and MariaDB. */
export const mysqlDoor: EngineDoor = { look: lookAtMysql, fence: fenceMysql, unfence: unfenceMysql };
