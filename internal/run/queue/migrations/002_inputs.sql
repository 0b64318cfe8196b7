-- What the list of a batch's inputs says of each beside its content: bytes and files, and the archive that it lies in.
ALTER TABLE nianbao_input
  ADD COLUMN size bigint NOT NULL DEFAULT 0,
  ADD COLUMN files integer NOT NULL DEFAULT 1,
  ADD COLUMN archive text NOT NULL DEFAULT '';
