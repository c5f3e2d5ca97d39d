/** Rates of a sale in basis points. */
export interface SaleRates {
  commissionBp: number;
  serviceBp: number;
  platformBp: number;
  techBp: number;
}

const part = (amount: number, rate: number) => Math.floor((amount * rate) / 10_000);

/** Whose how much of a price is, in minor units, rounded down at each step like the books do; the parts sum to the price. */
export function splitSale(priceMinor: number, rates: SaleRates) {
  const commission = part(priceMinor, rates.commissionBp);
  const service = part(priceMinor, rates.serviceBp);
  const ofBoth = part(commission, rates.platformBp) + part(service, rates.platformBp);
  const tech = part(priceMinor, rates.techBp);
  return {
    creator: commission - part(commission, rates.platformBp),
    colonel: service - part(service, rates.platformBp),
    platform: ofBoth + tech,
    shop: priceMinor - commission - service - tech,
  };
}
