export { DayField } from "./DayField";
export { DayInput, isDay } from "./DayInput";
export { Form } from "./Form";
export { FormButton } from "./FormButton";
export { both, type Field, type Values } from "./fields";
export { read, waitsForApproval } from "./values";
