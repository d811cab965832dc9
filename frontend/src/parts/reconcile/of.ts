/** Each list is of one connection, which its filter names. */
export interface OfConnection {
  connection: string;
  filter: { id: string; label: string; choices: { value: string; label: string }[] };
}
