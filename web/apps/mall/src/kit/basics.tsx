import { useFormat, useTranslation, type Money } from "@xingqu/i18n";
import { type ReactNode, useState } from "react";
import { Icon } from "./Icon";

/** A price with its fraction set smaller, read out whole. */
export function Price({ money, size = "md", was }: { money: Money; size?: "sm" | "md" | "lg"; was?: Money | null }) {
  const format = useFormat();
  const { t } = useTranslation();
  const { symbol, whole, fraction } = format.splitMoney(money);
  const showWas = was && was.amount_minor > money.amount_minor;
  return (
    <span className={`price price-${size}`}>
      <span className="visually-hidden">{format.money(money)}</span>
      <span aria-hidden="true">
        <small>{symbol}</small>
        {whole}
        <small>{fraction}</small>
      </span>
      {showWas ? (
        <>
          {" "}
          <s>
            <span className="visually-hidden">{t("product.list_price")} </span>
            {format.money(was)}
          </s>
        </>
      ) : null}
    </span>
  );
}

export function Avatar({ url, name, size = 40 }: { url: string | null | undefined; name: string; size?: number }) {
  const [broken, setBroken] = useState(false);
  const style = { width: size, height: size, fontSize: size * 0.42 };
  if (url && !broken) return <img className="avatar" src={url} alt="" style={style} onError={() => setBroken(true)} />;
  return (
    <span className="avatar avatar-letter" style={style} aria-hidden="true">
      {[...name][0] ?? "·"}
    </span>
  );
}

/** A picture that holds its place while it loads and stays calm when it fails. */
export function Picture({ url, alt, className = "", eager = false, onLoad }: { url: string | null | undefined; alt: string; className?: string; eager?: boolean; onLoad?: () => void }) {
  const [broken, setBroken] = useState(false);
  if (!url || broken)
    return (
      <span className={`picture picture-missing ${className}`} role="img" aria-label={alt}>
        <Icon name="pictures" size={28} />
      </span>
    );
  return (
    <img
      className={`picture ${className}`}
      src={url}
      alt={alt}
      loading={eager ? "eager" : "lazy"}
      decoding="async"
      onLoad={onLoad}
      onError={() => setBroken(true)}
    />
  );
}

export function Stars({ score, size = 14 }: { score: number; size?: number }) {
  const { t } = useTranslation();
  return (
    <span className="stars" role="img" aria-label={t("review.stars", { score })}>
      {[1, 2, 3, 4, 5].map((step) => (
        <span key={step} className={step <= Math.round(score) ? "on" : ""}>
          <Icon name="star" size={size} filled />
        </span>
      ))}
    </span>
  );
}

export function StarPicker({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="star-picker">
      <legend>{label}</legend>
      {[1, 2, 3, 4, 5].map((step) => (
        <label key={step} className={step <= value ? "on" : ""}>
          <input type="radio" className="visually-hidden" checked={value === step} onChange={() => onChange(step)} />
          <Icon name="star" size={26} filled />
          <span className="visually-hidden">{t("review.stars", { score: step })}</span>
        </label>
      ))}
      <span className="star-word">{t(`review.word.${value}`)}</span>
    </fieldset>
  );
}

export function Stepper({ value, max, onChange, label }: { value: number; max: number; onChange: (value: number) => void; label: string }) {
  const { t } = useTranslation();
  return (
    <div className="stepper" role="group" aria-label={label}>
      <button type="button" disabled={value <= 1} onClick={() => onChange(value - 1)} aria-label={t("cart.fewer")}>
        <Icon name="minus" size={16} />
      </button>
      <output aria-live="polite">{value}</output>
      <button type="button" disabled={value >= max} onClick={() => onChange(value + 1)} aria-label={t("cart.more")}>
        <Icon name="plus" size={16} />
      </button>
    </div>
  );
}

export function Switch({ checked, onChange, label, testId, disabled = false }: { checked: boolean; onChange: (checked: boolean) => void; label: string; testId?: string; disabled?: boolean }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      className="switch"
      disabled={disabled}
      onClick={() => onChange(!checked)}
      data-testid={testId}
    >
      <span />
    </button>
  );
}

export function Field({ label, error, hint, children }: { label: string; error?: string | null; hint?: string; children: ReactNode }) {
  return (
    <label className={`field${error ? " field-bad" : ""}`}>
      <span className="field-label">{label}</span>
      {children}
      {error ? (
        <span className="field-error" role="alert">
          {error}
        </span>
      ) : hint ? (
        <span className="field-hint">{hint}</span>
      ) : null}
    </label>
  );
}
