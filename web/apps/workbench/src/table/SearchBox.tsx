import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";

interface SearchBoxProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  placeholder: string;
  testId?: string;
}

const SETTLE_MS = 300;

/** A search field that asks the server once the typing rests, and not in the middle of composing Chinese. */
export function SearchBox({ value, onChange, placeholder, testId }: SearchBoxProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [shown, setShown] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (shown !== value) {
    // The address bar changed under the field: a saved view, Back, cleared filters.
    setShown(value);
    if ((value ?? "") !== typed.trim()) setTyped(value ?? "");
  }
  const send = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(text.trim() || undefined), SETTLE_MS);
  };
  return (
    <Input
      className="wb-search-box"
      prefix={<SearchOutlined aria-hidden />}
      allowClear
      value={typed}
      placeholder={placeholder}
      aria-label={placeholder}
      data-testid={testId}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={(event) => {
        composing.current = false;
        send(event.currentTarget.value);
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!composing.current) send(event.target.value);
      }}
    />
  );
}
