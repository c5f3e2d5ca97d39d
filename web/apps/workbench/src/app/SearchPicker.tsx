import { Select } from "antd";

interface SearchPickerProps {
  id?: string;
  className?: string;
  testId: string;
  /** Read out and shown while nothing is chosen. */
  label: string;
  /** Shown in place of rows: what to do, or that nothing was found. */
  empty: string;
  value: number | null;
  onChange: (id: number | null) => void;
  onType: (typed: string) => void;
  searching: boolean;
  /** What was found, and what is chosen. */
  options: { value: number; label: string }[];
}

/** One of many that the server looks for by what is typed. */
export function SearchPicker({ id, className, testId, label, empty, value, onChange, onType, searching, options }: SearchPickerProps) {
  return (
    <Select
      {...(id && { id })}
      {...(className && { className })}
      allowClear
      popupMatchSelectWidth={320}
      showSearch={{ filterOption: false, onSearch: onType }}
      value={value}
      onChange={(picked: number | undefined) => onChange(picked ?? null)}
      loading={searching}
      aria-label={label}
      placeholder={label}
      notFoundContent={empty}
      options={options}
      data-testid={testId}
    />
  );
}
