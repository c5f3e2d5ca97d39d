import { ApiError } from "@xingqu/client";
import { useErrorText, useTranslation } from "@xingqu/i18n";
import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { resetEngagement } from "../content/engagement";
import { Field } from "../kit/basics";
import { showToast } from "../kit/toast";
import { useRequestReset, useResetPassword, useSignIn, useSignUp, useVerifyEmail } from "../session/session";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./account.css";
import { leavesTheMall, safeNext } from "./next";

const MIN_PASSWORD = 8;

/** Goes on to where a person came from. The workbench is an application of its own: the browser has to load it. */
function useGoOn() {
  const navigate = useNavigate();
  return (next: string) => {
    if (leavesTheMall(next)) globalThis.location.replace(next);
    else void navigate(next, { replace: true });
  };
}

function Frame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <main className="page page-account">
      <PageHead title={title} />
      <div className="account-card">
        <span className="brand-mark" aria-hidden="true">
          兴
        </span>
        <h2>{t("account.welcome")}</h2>
        <p className="muted">{lead}</p>
        {children}
      </div>
    </main>
  );
}

/** The complaint about one field, in the page's language. */
function useFieldError(error: unknown) {
  const errorText = useErrorText();
  const refused = error instanceof ApiError ? error : null;
  return {
    of: (field: string): string | null => {
      const complaint = refused?.errors.find((one) => one.field === field);
      return complaint ? errorText({ code: complaint.code ?? "invalid", message: complaint.message }) : null;
    },
    whole: refused && refused.errors.every((one) => !one.field) ? errorText(refused) : error && !refused ? errorText(error) : null,
  };
}

export function SignInPage() {
  const { t } = useTranslation();
  const goOn = useGoOn();
  const [search] = useSearchParams();
  const next = safeNext(search.get("next"));
  const signIn = useSignIn();
  const errors = useFieldError(signIn.error);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    signIn.mutate(
      { email: String(data.get("email")).trim(), password: String(data.get("password")) },
      {
        onSuccess: () => {
          resetEngagement();
          goOn(next);
        },
      },
    );
  };
  return (
    <Frame title={t("account.sign_in")} lead={t("account.sign_in_lead")}>
      <form className="form" onSubmit={onSubmit}>
        {errors.whole ? <p className="note note-bad" role="alert">{errors.whole}</p> : null}
        <Field label={t("account.email")} error={errors.of("email")}>
          <input name="email" type="email" autoComplete="email" required maxLength={254} data-testid="sign-in-email" />
        </Field>
        <Field label={t("account.password")} error={errors.of("password")}>
          <input name="password" type="password" autoComplete="current-password" required maxLength={128} data-testid="sign-in-password" />
        </Field>
        <button type="submit" className="button button-wide" disabled={signIn.isPending} data-testid="sign-in-submit">
          {t("account.sign_in")}
        </button>
        <p className="account-links">
          <Link to={`/sign-up?next=${encodeURIComponent(next)}`} data-testid="to-sign-up">
            {t("account.to_sign_up")}
          </Link>
          <Link to="/reset-password">{t("account.forgot")}</Link>
        </p>
      </form>
    </Frame>
  );
}

export function SignUpPage() {
  const { t } = useTranslation();
  const goOn = useGoOn();
  const [search] = useSearchParams();
  const next = safeNext(search.get("next"));
  const signUp = useSignUp();
  const errors = useFieldError(signUp.error);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    signUp.mutate(
      { email: String(data.get("email")).trim(), password: String(data.get("password")), display_name: String(data.get("display_name")).trim() },
      {
        onSuccess: () => {
          resetEngagement();
          goOn(next);
        },
      },
    );
  };
  return (
    <Frame title={t("account.sign_up")} lead={t("account.sign_up_lead")}>
      <form className="form" onSubmit={onSubmit}>
        {errors.whole ? <p className="note note-bad" role="alert">{errors.whole}</p> : null}
        <Field label={t("account.display_name")}>
          <input name="display_name" autoComplete="name" maxLength={40} data-testid="sign-up-name" />
        </Field>
        <Field label={t("account.email")} error={errors.of("email")}>
          <input name="email" type="email" autoComplete="email" required maxLength={254} data-testid="sign-up-email" />
        </Field>
        <Field label={t("account.password")} error={errors.of("password")} hint={t("account.password_hint", { count: MIN_PASSWORD })}>
          <input name="password" type="password" autoComplete="new-password" required minLength={MIN_PASSWORD} maxLength={128} data-testid="sign-up-password" />
        </Field>
        <button type="submit" className="button button-wide" disabled={signUp.isPending} data-testid="sign-up-submit">
          {t("account.sign_up")}
        </button>
        <p className="account-links">
          <Link to={`/sign-in?next=${encodeURIComponent(next)}`}>{t("account.to_sign_in")}</Link>
        </p>
      </form>
    </Frame>
  );
}

/** Without a key: asks for a reset letter. With the key from the letter: sets the new password. */
export function ResetPasswordPage() {
  const [search] = useSearchParams();
  const key = useParams().key ?? search.get("key");
  return key ? <NewPassword resetKey={key} /> : <AskForReset />;
}

function AskForReset() {
  const { t } = useTranslation();
  const request = useRequestReset();
  const errors = useFieldError(request.error);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    request.mutate(String(new FormData(event.currentTarget).get("email")).trim());
  };
  return (
    <Frame title={t("account.reset")} lead={t("account.reset_lead")}>
      {request.isSuccess ? (
        <p className="note note-good" role="status">
          {t("account.reset_sent")}
        </p>
      ) : (
        <form className="form" onSubmit={onSubmit}>
          {errors.whole ? <p className="note note-bad" role="alert">{errors.whole}</p> : null}
          <Field label={t("account.email")} error={errors.of("email")}>
            <input name="email" type="email" autoComplete="email" required maxLength={254} data-testid="reset-email" />
          </Field>
          <button type="submit" className="button button-wide" disabled={request.isPending}>
            {t("account.reset_send")}
          </button>
        </form>
      )}
    </Frame>
  );
}

function NewPassword({ resetKey }: { resetKey: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const reset = useResetPassword();
  const errors = useFieldError(reset.error);
  const [wrong, setWrong] = useState(false);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = String(data.get("password"));
    const same = password === String(data.get("again"));
    setWrong(!same);
    if (!same) return;
    const done = () => {
      showToast(t("account.reset_done"));
      navigate("/sign-in", { replace: true });
    };
    // allauth answers 401 after a change that worked: the person has yet to sign in
    reset.mutate({ key: resetKey, password }, { onSuccess: done });
  };
  return (
    <Frame title={t("account.reset")} lead={t("account.new_password_lead")}>
      <form className="form" onSubmit={onSubmit}>
        {errors.whole ?? errors.of("key") ? <p className="note note-bad" role="alert">{errors.whole ?? errors.of("key")}</p> : null}
        <Field label={t("account.new_password")} error={errors.of("password")} hint={t("account.password_hint", { count: MIN_PASSWORD })}>
          <input name="password" type="password" autoComplete="new-password" required minLength={MIN_PASSWORD} maxLength={128} />
        </Field>
        <Field label={t("account.again")} error={wrong ? t("account.not_same") : null}>
          <input name="again" type="password" autoComplete="new-password" required maxLength={128} />
        </Field>
        <button type="submit" className="button button-wide" disabled={reset.isPending}>
          {t("common:actions.save")}
        </button>
      </form>
    </Frame>
  );
}

/** The link of the confirmation letter; one press, so that mail scanners don't confirm for the person. */
export function VerifyEmailPage() {
  const { t } = useTranslation();
  const key = useParams().key ?? "";
  const verify = useVerifyEmail();
  const errors = useFieldError(verify.error);
  const complaint = errors.whole ?? errors.of("key");
  return (
    <Frame title={t("account.verify")} lead={verify.isSuccess ? t("account.verified") : t("account.verify_lead")}>
      {complaint ? (
        <p className="note note-bad" role="alert">
          {complaint}
        </p>
      ) : null}
      {verify.isSuccess ? (
        <Link className="button button-wide" to="/">
          {t("pay.to_feed")}
        </Link>
      ) : (
        <button type="button" className="button button-wide" disabled={verify.isPending} onClick={() => verify.mutate(key)}>
          {t("account.verify")}
        </button>
      )}
    </Frame>
  );
}
