import { Form, type FormItemProps } from "antd";
import { type ReactElement, type ReactNode, cloneElement, useId } from "react";

/** A control of a form with its label: what is read out with the control, and pressing the label leads to it. */
export function Field({ children, ...item }: Omit<FormItemProps, "children" | "htmlFor"> & { children: ReactElement<{ id?: string }> }) {
  const id = useId();
  return (
    <Form.Item {...item} htmlFor={id}>
      {cloneElement(children, { id })}
    </Form.Item>
  );
}

/** Several controls under one label: a choice by radio buttons, two amounts, files. */
export function FieldGroup({ children, label, ...item }: Omit<FormItemProps, "children" | "label"> & { label: string; children: ReactNode }) {
  return (
    <Form.Item {...item} label={label}>
      <div role="group" aria-label={label}>
        {children}
      </div>
    </Form.Item>
  );
}
