interface OfConnections {
  filter: { id: string; label: string; choices: { value: string; label: string }[] };
}

/** A list of one connection, which its filter names. */
export interface OfConnection extends OfConnections {
  connection: string;
}

/** A list of all connections, or of the one that its filter names. */
export interface OfAny extends OfConnections {
  connection?: string;
}
