/** The present instant in epoch milliseconds, by the clock of the server and not of the transaction. */
export const NOW_SQL = 'CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)'
