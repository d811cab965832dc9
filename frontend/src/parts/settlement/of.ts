/** Every list of a settlement is one connection's; the filter chooses which. */
export interface OfConnection {
  connection: string;
  filter: { id: string; label: string; choices: { value: string; label: string }[] };
}
