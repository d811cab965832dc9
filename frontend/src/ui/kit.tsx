/**
 * What of antd the console uses. Nobody else imports antd, so that another version of it is a change of this folder.
 * Fields, menus and notes are our own (fields.tsx, Menu.tsx, FaultNote.tsx): the browser's are lighter, and phones show
 * them as people know them.
 */
export { App, Button, Drawer, Modal } from "antd";
