export const KINDS = ["code", "link", "voucher", "shared_code", "topup", "membership", "bundle"] as const;
/** Of which a code lies in the vault. */
export const FROM_STOCK: readonly string[] = ["code", "link", "voucher", "shared_code", "membership"];
