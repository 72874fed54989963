using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>PyTorch files that must not be opened: those that would run something, and those that are broken.</summary>
static class MalformedTorchFiles
{
    public static IEnumerable<MalformedCheckpoint> All => [.. Programs(), .. Pickles(), .. Views(), .. Archives(), .. LegacyFiles(), .. Folders()];

    static MalformedCheckpoint File(string name, byte[] bytes, params string[] expected) => new($"PyTorch: {name}", f =>
    {
        f.Write("config.json", "{}");
        f.Write("pytorch_model.bin", bytes);
    }, "", [.. expected, "pytorch_model.bin"]);

    static MalformedCheckpoint Pickle(string name, PickleWriter pickle, params string[] expected) => File(name, TorchBytes.Zip(pickle.End()), expected);

    static PickleWriter New(byte protocol = 2) => new(protocol);

    /// <summary>What Python's own reader would run, or might.</summary>
    static IEnumerable<MalformedCheckpoint> Programs()
    {
        yield return Pickle("os.system called", New().Global("os", "system").Text("touch x").Op("\u0085R"), "'os.system'", "Nothing was executed");
        yield return Pickle("posix.system named on the stack", New(4).Text("posix").Text("system").Op("\u0093").Text("id").Op("\u0085R"), "'posix.system'");
        yield return Pickle("eval named and not called", New().Global("builtins", "eval"), "'builtins.eval'");
        yield return Pickle("a dotted way to a function", New(4).Text("torch").Text("storage.os.system").Op("\u0093"), "'torch.storage.os.system'");
        yield return Pickle("an import hidden in a dictionary of tensors", New().Op("}(").Text("a").Tensor(TorchBytes.Floats(), 0, [6], [1])
            .Text("b").Global("runpy", "_run_code").Op("u"), "'runpy._run_code'");
        yield return Pickle("torch's own loader of files", New().Global("torch.serialization", "load"), "'torch.serialization.load'");
        yield return Pickle("a module", New().Op("(").Text("module").Global("collections", "OrderedDict").Text("s.py").Text("import os").Op("tQ"), "A persistent id is (the text 'module'");
        yield return Pickle("quantised numbers", New().Global("torch", "QInt8Storage"), "'torch.QInt8Storage'");
        yield return Pickle("a tensor of a later form", New().Global("torch._utils", "_rebuild_tensor_v3"), "'torch._utils._rebuild_tensor_v3'");
        foreach (var (code, name) in new[]
        {
            ("\u0081", "0x81 (NEWOBJ)"), ("\u0092", "0x92 (NEWOBJ_EX)"), ("i", "0x69 (INST)"), ("o", "0x6F (OBJ)"), ("\u0082", "0x82 (EXT1)"),
            ("P", "0x50 (PERSID)"), ("\u0097", "0x97 (NEXT_BUFFER)"), ("0", "0x30 (POP)"), ("2", "0x32 (DUP)"), ("V", "0x56 (UNICODE)"), ("\u00FF", "0xFF (not an opcode)"),
        })
            yield return Pickle($"opcode {name}", New().Op("}").Op(code), $"opcode {name}", "Nothing was executed");
    }

    static IEnumerable<MalformedCheckpoint> Pickles()
    {
        yield return Pickle("protocol 1", New(1).Op("}"), "Pickle protocol 1 is not read");
        yield return Pickle("protocol 6", New(6).Op("}"), "Pickle protocol 6 is not read");
        yield return File("no protocol", TorchBytes.Zip("}."u8.ToArray()), "not a pickle of protocol 2");
        yield return Pickle("the protocol twice", New().Op("\u0080\u0002}"), "protocol a second time");
        yield return File("no end", TorchBytes.Zip(New().Op("}").End(stop: false)), "ends before it is complete");
        yield return File("an operand broken off", TorchBytes.Zip(New().Op("X\u0009\0\0\0abc").End(stop: false)), "ends before it is complete");
        yield return File("bytes behind the end", TorchBytes.Zip([.. TorchBytes.Pickle(), 0]), "'m/data.pkl' has bytes behind its pickle");
        yield return Pickle("a frame longer than the pickle", New(4).Op("\u0095\u00FF\0\0\0\0\0\0\0}"), "frame of 255 bytes");
        yield return Pickle("two values", New().Op("}}"), "ends with 2 values and 0 marks");
        yield return Pickle("an open mark", New().Op("}("), "ends with 1 values and 1 marks");
        yield return Pickle("no value", New(), "ends with 0 values");
        yield return Pickle("no mark", New().Op("t"), "looks for a mark");
        yield return Pickle("too few values", New().Op("N\u0087"), "takes more values than there are");
        yield return Pickle("values from below a mark", New().Op("NN(\u0086"), "takes more values than there are");
        yield return Pickle("a value nobody remembered", New().Op("h\u0007"), "Value 7 is recalled");
        yield return Pickle("an item in a list", New().Op("]NNs"), "set in a list of 0");
        yield return Pickle("an entry in a dictionary", New().Op("}Na"), "appended to a dictionary of 0");
        yield return Pickle("a key without a value", New().Op("}(").Text("a").Op("u"), "a key without a value");
        yield return Pickle("a list for a key", New().Op("}]Ns"), "a list of 0 for a key");
        yield return Pickle("a key twice", New().Op("}(").Text("a").Op("N").Text("a").Op("Nu"), "the key 'a' twice");
        yield return Pickle("a text that is not UTF-8", New().Op("X\u0002\0\0\0\u00C3\u0028"), "not valid UTF-8");
        yield return Pickle("a text too long", New().Text(new string('a', 5000)), "5000 bytes long");
        yield return Pickle("a text longer than memory", New().Op("X\u00FF\u00FF\u00FF\u00FF"), "4294967295 bytes long");
        yield return Pickle("a name without end", New().Op("c" + new string('a', 5000)), "longer than 4096 bytes");
        yield return Pickle("marks without end", New().Op(new string('(', 100)), "nests deeper than 64");
        yield return Pickle("values without end", New().Op(new string('N', 70_000)), "more than 65536 values");
        yield return new("PyTorch: a pickle without end", f =>
        {
            f.Write("config.json", "{}");
            byte[] pickle = [0x80, 2, (byte)'}', .. new byte[1 << 25]]; // and then the same value is remembered again and again
            for (int at = 3; at < pickle.Length; at += 2) pickle[at] = (byte)'q';
            f.Write("pytorch_model.bin", TorchBytes.Zip(pickle));
        }, "", "longer than 33554432 bytes");
        yield return Pickle("attributes of an OrderedDict", New().Global("collections", "OrderedDict").Op(")R}").Text("__class__").Op("Nsb"), "attributes other than '_metadata'");
        yield return Pickle("a state for a plain dictionary", New().Op("}}b"), "A state is given to a dictionary of 0");
        yield return Pickle("a storage called", New().Global("torch", "FloatStorage").Op(")R"), "'torch.FloatStorage' is called with ()");
        yield return Pickle("a number called", New().Op("N)R"), "None is called with a tuple of 0");
        yield return Pickle("a name made of numbers", New(4).Op("NN\u0093"), "not given as two texts");
        yield return Pickle("a tensor called with nothing", New().Global("torch._utils", "_rebuild_tensor_v2").Op(")R"), "'torch._utils._rebuild_tensor_v2' is called with ()");
        yield return Pickle("a parameter of no tensor", New().Global("torch._utils", "_rebuild_parameter").Op("N\u0088}\u0087R"), "_rebuild_parameter' is called with (None, a boolean");
        yield return Pickle("a list instead of a dictionary", New().Op("]"), "The pickle holds a list of 0", "state_dict");
        yield return Pickle("an empty dictionary", New().Op("}"), "The pickle holds an empty dictionary");
        yield return Pickle("a tensor alone", New().Tensor(TorchBytes.Floats(), 0, [6], [1]), "The pickle holds a tensor");
        yield return Pickle("a state_dict in a wrapper", New().Op("}(").Text("model").Op("}").Text("step").Int(3).Op("u"), "Entry 'model' is a dictionary of 0", "['model']");
        yield return Pickle("a dictionary that holds itself", New().Op("}q\0").Text("me").Op("h\0s"), "Entry 'me' is a dictionary of 1");
        yield return Pickle("a number among tensors", New().Op("}(").Text("step").Int(3).Op("u"), "Entry 'step' is the number 3");
        yield return Pickle("a number for a name", New().Op("}(").Int(3).Tensor(TorchBytes.Floats(), 0, [6], [1]).Op("u"), "Entry 3 is a tensor");
    }

    static IEnumerable<MalformedCheckpoint> Views()
    {
        yield return View("a negative offset", -1, [6], [1], "from element -1 does not lie in storage '0'");
        yield return View("an offset beyond the storage", 7, [], [], "from element 7 does not lie");
        yield return View("a negative axis", 0, [-6], [1], "shape [-6]");
        yield return View("a negative stride", 5, [6], [-1], "strides [-1]");
        yield return View("a stride out of bounds", 0, [2, 3], [4, 1], "reaches element 6 of storage '0', which has 6");
        yield return View("a scalar behind the last element", 6, [], [], "reaches element 6 of storage '0'");
        yield return View("a shape out of bounds", 0, [7], [1], "reaches element 6");
        yield return View("strides that overflow", 0, [long.MaxValue / 4], [long.MaxValue], "reaches element 9223372036854775807");
        yield return View("strides that come round to a small number", 0, [1 << 20, 1 << 20, 1 << 20], [1L << 44, 1L << 44, 1L << 44], "reaches element");
        yield return View("a shape that overflows", 0, [1L << 40, 1L << 40], [0, 0], "more elements than can be counted");
        yield return View("a shape that overflows though it is empty", 0, [1L << 40, 1L << 40, 0], [0, 0, 1], "more elements than can be counted");
        yield return View("fewer strides than axes", 0, [2, 3], [1], "2 axes and 1 strides");
        yield return View("twenty axes", 0, [.. Enumerable.Repeat(1L, 20)], [.. Enumerable.Repeat(1L, 20)], "20 axes");
        yield return Tensor("a shape that is text", p => p.Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("FloatStorage", "0", 6).Int(0)
            .Text("x").Op("\u0085").Tuple(1).Op("\u0089}tR"), "expected whole numbers");
        yield return Tensor("negated elements", p => p.Tensor(TorchBytes.Floats(), 0, [6], [1], m => m.Op("}").Text("neg").Op("\u0088s")), "marks beyond its storage");
        yield return Tensor("a storage that is none", p => p.Tensor(s => s.Op("N"), 0, [6], [1]), "'torch._utils._rebuild_tensor_v2' is called with (None");
        yield return Tensor("a storage of -1 elements", p => p.Tensor(TorchBytes.Floats(-1), 0, [0], [1]), "Storage '0' has -1 elements");
        yield return Tensor("a storage larger than the file", p => p.Tensor(TorchBytes.Floats(1L << 61), 0, [6], [1]), "has 2305843009213693952 elements of F32");
        yield return Tensor("a storage whose entry is smaller", p => p.Tensor(TorchBytes.Floats(7), 0, [6], [1]), "Storage '0' takes 28 bytes as 7 of F32, but its entry has 24");
        yield return Tensor("a storage that is missing", p => p.Tensor(s => s.Storage("FloatStorage", "../../etc/passwd", 6), 0, [6], [1]), "Storage '../../etc/passwd' has no entry 'm/data/../../etc/passwd'");
        yield return Tensor("a storage of two types", p => p.Tensor(TorchBytes.Floats(), 0, [6], [1]).Text("b").Tensor(s => s.Storage("IntStorage", "0", 6), 0, [6], [1]),
            "Storage '0' is 6 elements of I32 from 0 here and 6 elements of F32 from 0 elsewhere");
        yield return Tensor("a persistent id that is text", p => p.Text("0").Op("Q"), "A persistent id is the text '0'");

        static MalformedCheckpoint Tensor(string name, Action<PickleWriter> tensor, params string[] expected) =>
            File(name, TorchBytes.Zip(TorchBytes.Dictionary(p => tensor(p.Text("a")))), expected);

        static MalformedCheckpoint View(string name, long offset, long[] shape, long[] strides, params string[] expected) =>
            Tensor(name, p => p.Tensor(TorchBytes.Floats(), offset, shape, strides), expected);
    }

    static IEnumerable<MalformedCheckpoint> Archives()
    {
        byte[] correct = TorchBytes.Zip();
        yield return File("an empty file", [], "begins with nothing: it is empty");
        yield return File("a Git LFS pointer", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\n"), "Git LFS pointer", "git lfs pull");
        yield return File("tar", [.. new byte[257], .. "ustar"u8, .. new byte[250]], "tar format");
        yield return File("four bytes", correct[..4], "end record is not at the end");
        yield return File("an archive cut short", correct[..^1], "end record is not at the end");
        yield return File("an archive cut in its data", correct[..200], "end record is not at the end");
        yield return File("bytes behind the archive", [.. correct, 0], "end record is not at the end");
        yield return File("a comment", [.. correct[..^2], 1, 0], "several disks or a comment");
        yield return File("several disks", [.. correct[..^18], 1, .. correct[^17..]], "several disks or a comment");
        yield return File("a byte missing before the directory", [.. correct[..30], .. correct[31..]], "zip64 end record is not where");
        yield return File("too many entries", ZipBytes.File(TorchBytes.Parts(), count: 5), "The zip directory of 5 entries");
        yield return File("too few entries", ZipBytes.File(TorchBytes.Parts(), count: 3), "bytes behind its last entry");
        yield return File("end records that disagree", ZipBytes.File(TorchBytes.Parts(), zip64: true, countBefore: 3), "end records of zip and zip64 disagree");
        yield return File("zip64 without its record", ZipBytes.File(TorchBytes.Parts(), count: 0xFFFF), "The zip directory of 65535 entries");
        yield return Part("a compressed entry", p => p with { Method = 8 }, "'m/data/0' is compressed (method 8)");
        yield return Part("an encrypted entry", p => p with { Flags = 1 }, "'m/data/0' is encrypted");
        yield return Part("another name in the local header", p => p with { LocalName = "m/data/1" }, "'m/data/0' is described otherwise by its local header");
        yield return Part("another size in the local header", p => p with { LocalLength = 20 }, "described otherwise by its local header");
        yield return Part("an entry of no size that does not say so later", p => p with { LocalLength = 0 }, "described otherwise by its local header");
        yield return Part("an entry beyond the file", p => p with { LocalLength = 1 << 30, CentralLength = 1 << 30 }, "has 1073741824 bytes from byte");
        yield return Part("an entry into the next", p => p with { LocalLength = 60, CentralLength = 60 }, "'m/data/0' overlaps m/version");
        yield return Part("an entry where none begins", p => p with { Start = 5 }, "said to begin at byte 5");
        yield return Part("an entry behind the file", p => p with { Start = uint.MaxValue - 1 }, "said to begin at byte 4294967294");
        yield return Part("a name that is not UTF-8", p => p with { BadName = true }, "name of an entry is not valid UTF-8");
        yield return Part("a size of zip64 without one", p => p with { CentralLength = uint.MaxValue }, "lacks its zip64 field");
        yield return Part("a size of zip64 cut short", p => p with { CentralLength = uint.MaxValue, Extra = [1, 0, 8, 0, .. new byte[8]] }, "zip64 field that is too short");
        yield return Part("a negative size", p => p with { CentralLength = uint.MaxValue, Flags = 8, LocalLength = 0, Extra = [1, 0, 16, 0, .. Enumerable.Repeat((byte)0xFF, 16)] }, "has -1 bytes");
        yield return Entries("an entry twice", parts => [.. parts, parts[2]], "'m/data/0' stands twice");
        yield return Entries("two entries in one place", parts => [.. parts, new("m/data/0", []) { Start = 0, LocalName = "x" }], "stands twice");
        yield return Entries("no pickle", parts => parts[1..], "'data.pkl' is not in the archive");
        yield return Entries("two pickles", parts => [.. parts, parts[0] with { Name = "m/n/data.pkl" }], "'m/n/data.pkl' is a second pickle");
        yield return Entries("a TorchScript archive", parts => [.. parts, new("m/constants.pkl", [])], "TorchScript archive");
        yield return Entries("no version", parts => parts[..^1], "'m/version' is not in the archive");
        yield return Entries("version 11", parts => [.. parts[..^1], new("m/version", "11\n"u8.ToArray())], "'m/version' is '11'");
        yield return Entries("a version that is a book", parts => [.. parts[..^1], new("m/version", new byte[100])], "'m/version' has 100 bytes");
        yield return Entries("a later format", parts => [.. parts, new("m/.format_version", "2"u8.ToArray())], "'m/.format_version' is '2'");
        yield return Entries("the other byte order", parts => [parts[0], new("m/byteorder", "big"u8.ToArray()), .. parts[2..]], "byte order 'big'");

        static MalformedCheckpoint Part(string name, Func<ZipPart, ZipPart> change, params string[] expected) =>
            Entries(name, parts => [.. parts[..2], change(parts[2]), .. parts[3..]], expected);

        static MalformedCheckpoint Entries(string name, Func<List<ZipPart>, List<ZipPart>> change, params string[] expected) =>
            File(name, ZipBytes.File(change(TorchBytes.Parts())), expected);
    }

    static IEnumerable<MalformedCheckpoint> LegacyFiles()
    {
        byte[] correct = TorchBytes.Legacy(), keys0 = Keys("0"), data = [.. BitConverter.GetBytes(6L), .. TorchBytes.Six];
        yield return File("a plain pickle", New().Op("}").End(), "a pickle of a dictionary of 0, not torch's magic number");
        yield return File("another magic number", TorchBytes.Legacy(magic: "K\u0007"), "a pickle of the number 7");
        yield return File("legacy protocol 1000", TorchBytes.Legacy(protocol: 1000), "The file's protocol is the number 1000");
        yield return File("a legacy file of the other byte order", TorchBytes.Legacy(facts: p => p.Op("}").Text("little_endian").Op("\u0089s")), "byte order 'big'");
        yield return File("a legacy file of unknown byte order", TorchBytes.Legacy(facts: p => p.Op("}")), "does not say whether the file is little-endian");
        yield return File("a legacy file that calls", TorchBytes.Legacy(facts: p => p.Global("os", "getcwd").Op(")R")), "'os.getcwd'");
        yield return File("a legacy file cut short", correct[..^1], "Storage '0' needs 24 bytes");
        yield return File("a legacy file cut before its storage", correct[..^30], "Storage '0' is to begin at byte");
        yield return File("a legacy file cut in its keys", correct[..^36], "ends before it is complete");
        yield return File("a legacy file with bytes at its end", [.. correct, 0], "1 bytes follow the last storage");
        yield return File("keys that are no texts", TorchBytes.Legacy(keys: New().Op("]Na").End()), "not a list of texts");
        yield return File("a key nobody refers to", TorchBytes.Legacy(keys: Keys("1", "0")), "Storage '1' is in the file, and no tensor refers to it");
        yield return File("a key too few", TorchBytes.Legacy(keys: New().Op("]").End(), data: []), "Storage '0' is referred to, and not in the file");
        yield return File("a storage twice", TorchBytes.Legacy(keys: Keys("0", "0"), data: [.. data, .. data]), "Storage '0' is in the file twice");
        yield return File("another number of elements", TorchBytes.Legacy(data: [.. BitConverter.GetBytes(5L), .. TorchBytes.Six]), "Storage '0' has 5 elements in the file and 6 in the pickle");
        yield return Parted("a part beyond its storage", p => p.Op("(").Text("p").Int(4).Int(3).Op("t"), "Part 'p' begins at element 4 and has 3 of storage '0', which has 6");
        yield return Parted("a part before its storage", p => p.Op("(").Text("p").Int(-1).Int(3).Op("t"), "Part 'p' begins at element -1");
        yield return Parted("a part that is a number", p => p.Int(3), "A part of storage '0' is the number 3");
        yield return Parted("a part with the key of its storage", p => p.Op("(").Text("0").Int(1).Int(3).Op("t"), "Storage '0' is 3 elements of F32 from 1 here and 6 elements of F32 from 0 elsewhere");
        yield return Parted("a tensor beyond its part", p => p.Op("(").Text("p").Int(1).Int(2).Op("t"), "reaches element 2 of storage '0', which has 2");

        static byte[] Keys(params string[] keys)
        {
            var pickle = New().Op("](");
            foreach (string key in keys) pickle.Text(key);
            return pickle.Op("e").End();
        }

        MalformedCheckpoint Parted(string name, Action<PickleWriter> part, params string[] expected) => File(name, TorchBytes.Legacy(
            TorchBytes.Dictionary(p => p.Text("a").Tensor(TorchBytes.LegacyFloats(part), 0, [3], [1])), keys: keys0), expected);
    }

    static IEnumerable<MalformedCheckpoint> Folders()
    {
        const string index = "pytorch_model.bin.index.json";
        yield return Index("a shard above the folder", """{"weight_map": {"a": "../s.bin"}}""", "'../s.bin'", "plain file name");
        yield return Index("a shard that is missing", """{"weight_map": {"a": "s.bin", "b": "t.bin"}}""", "Shard 't.bin' is not in the folder");
        yield return Index("a tensor its shard lacks", """{"weight_map": {"a": "s.bin", "b": "s.bin"}}""", "Tensor 'b' is not in 's.bin'");
        yield return Index("a tensor the index leaves out", """{"weight_map": {"b": "s.bin"}}""", "'s.bin' holds tensor 'a', which the index does not name");
        yield return new("PyTorch: several files and no index", f =>
        {
            f.Write("config.json", "{}");
            f.Write("x.bin", TorchBytes.Zip());
            f.Write("y.pt", TorchBytes.Zip());
        }, "", "no index: x.bin, y.pt");
        yield return new("PyTorch: only what a trainer leaves", f =>
        {
            f.Write("config.json", "{}");
            f.Write("training_args.bin", TorchBytes.Zip());
            f.Write("optimizer.pt", TorchBytes.Zip());
        }, "", "no weights that can be read");

        static MalformedCheckpoint Index(string name, string json, params string[] expected) => new($"PyTorch index: {name}", f =>
        {
            f.Write("config.json", "{}");
            f.Write(index, json);
            f.Write("s.bin", TorchBytes.Zip());
        }, "", expected);
    }
}
