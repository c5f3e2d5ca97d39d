import type { Money } from "@xingqu/i18n";
import type { ReactNode } from "react";
import { useCouponWords } from "./couponWords";
import "./programmes.css";

interface TicketProps {
  coupon: { name: string; kind: "fixed" | "rate"; threshold: Money; discount: Money; rate_bp: number; cap?: Money | null };
  issuer: string;
  facts: ReactNode;
  side?: ReactNode;
  dim?: boolean;
}

/** A coupon as a ticket: what it gives, from when on, of whom, and one thing to do. */
export function Ticket({ coupon, issuer, facts, side, dim = false }: TicketProps) {
  const words = useCouponWords();
  return (
    <article className={`ticket${dim ? " ticket-dim" : ""}`} data-testid="coupon">
      <div className="ticket-face">
        <b>{words.gives(coupon)}</b>
        <small>{words.condition(coupon)}</small>
      </div>
      <div className="ticket-words">
        <b>{coupon.name}</b>
        <small className="muted">{issuer}</small>
        <small className="muted">{facts}</small>
      </div>
      {side ? <div className="ticket-side">{side}</div> : null}
    </article>
  );
}
