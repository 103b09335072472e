import { witnessesOf } from "./witness.ts";

/** Who is refused, and which limits are reached. */
export const refused = witnessesOf(`
access denied flood | mysql | 300 | auth-failures | ledger | [Note] [MY-010926] [Server] Access denied for user 'ledger'@'10.0.3.7' (using password: YES)
access denied flood mariadb | mariadb | 300 | auth-failures | ledger | [Warning] Access denied for user 'ledger'@'10.0.3.7' (using password: YES)
host blocked | mysql | 60 | instance-limit-reached | 10.0.3.7 | [Warning] [MY-010055] [Server] Host '10.0.3.7' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'
host not allowed | mysql | 100 | auth-failures | 10.0.3.7 | [Warning] [MY-010000] [Server] Host '10.0.3.7' is not allowed to connect to this MySQL server
too many connections | mysql | 100 | too-many-connections | - | [Warning] [MY-010068] [Server] Too many connections
too many connections mariadb | mariadb | 100 | too-many-connections | - | [Warning] Too many connections
user limit 1226 | mysql | 100 | too-many-connections | etl | [Warning] [MY-010000] [Server] User 'etl' has exceeded the 'max_user_connections' resource (current value: 20)
user limit 1203 | mariadb | 100 | too-many-connections | etl | [Warning] User 'etl' already has more than 'max_user_connections' active connections
insecure transport | mysql | 100 | auth-failures | insecure transport | [Warning] [MY-010000] [Server] Connections using insecure transport are prohibited while --insecure transport=ON.
account locked | mysql | 100 | auth-failures | ledger | [Note] [MY-010927] [Server] Access denied for user 'ledger'@'10.0.3.7'. Account is locked.
account blocked failed logins | mysql | 100 | auth-failures | ledger | [Note] [MY-013000] [Server] Access denied for user 'ledger'@'10.0.3.7'. Account is blocked for 2 day(s) (2 day(s) remaining) due to 5 consecutive failed logins.
password expired | mysql | 100 | auth-failures | ledger | [Note] [MY-010926] [Server] Password for the account 'ledger'@'10.0.3.7' has expired. To log in you must change it using a client that supports expired passwords.
your password expired | mysql | 100 | auth-failures | - | [Note] [MY-010926] [Server] Your password has expired. To log in you must change it using a client that supports expired passwords.
plugin is not loaded | mysql | 60 | auth-failures | mysql_native_password | [ERROR] [MY-001524] [Server] Plugin 'mysql_native_password' is not loaded
thread cannot be made | mysql | 30 | instance-limit-reached | - | [ERROR] [MY-001135] [Server] Can't create thread to handle new connection(errno= 11)
thread cannot be made 1135 | mariadb | 30 | instance-limit-reached | - | [ERROR] mysqld: Can't create a new thread (errno 11); if you are not out of available memory, you can consult the manual for a possible OS-dependent bug
user table full | mysql | 60 | instance-limit-reached | orders_archive | [ERROR] [MY-013132] [Server] The table 'orders_archive' is full!
user table full mariadb | mariadb | 60 | instance-limit-reached | orders_archive | [ERROR] mariadbd: The table 'orders_archive' is full
no undo slot | mysql | 60 | instance-limit-reached | - | [Warning] [MY-013037] [InnoDB] Cannot find a free slot for an undo log. Do you have too many active transactions running concurrently?
buffer pool of lock heaps | mysql | 3 | instance-limit-reached | lock | [Warning] [MY-011960] [InnoDB] Over 67 percent of the buffer pool is occupied by lock heaps or the adaptive hash index! Check that your transactions do not set too many row locks, or review if innodb_buffer_pool_size=1024M could be bigger. Starting the InnoDB Monitor to print diagnostics.
lock table full | mysql | 30 | instance-limit-reached | - | [ERROR] [MY-001206] [Server] The total number of locks exceeds the lock table size
open files innodb | mariadb | 60 | instance-limit-reached | innodb_open_files | [Warning] InnoDB: innodb_open_files=300 is exceeded (325 files stay open)
open files innodb mysql | mysql | 60 | instance-limit-reached | files stay open | [Warning] [MY-012152] [InnoDB] Too many (400) files stay open while the maximum allowed value would be 400. You may need to raise the value of innodb_open_files in my.cnf.
too many open files | mysql | 60 | instance-limit-reached | - | [ERROR] [MY-010934] [Server] Can't open file: './shop/orders.ibd' (OS errno 24 - Too many open files)
error in accept | mysql | 60 | instance-limit-reached | - | [ERROR] [MY-010283] [Server] Error in accept: Too many open files
prepared statements used up | mysql | 60 | instance-limit-reached | max_prepared_stmt_count | [ERROR] [MY-001461] [Server] Can't create more than max_prepared_stmt_count statements (current value: 16382)
`);
