using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>A checkpoint that must not be opened.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Build">Writes it into an empty folder.</param>
/// <param name="Open">What is opened, below the folder; empty for the folder itself.</param>
/// <param name="Expected">What the message must contain.</param>
sealed record MalformedCheckpoint(string Name, Action<TemporaryFolder> Build, string Open, params string[] Expected);

/// <summary>The table of malformed checkpoints, for the reader's tests and the command line's.</summary>
static class MalformedCheckpoints
{
    public static IReadOnlyList<MalformedCheckpoint> All { get; } =
        [.. Folders(), .. Headers(), .. Gguf(), .. Parts(), .. MalformedTorchFiles.All];

    static IEnumerable<MalformedCheckpoint> Folders()
    {
        const string index = "model.safetensors.index.json";
        yield return new("nothing there", _ => { }, "absent", "There is no checkpoint at", "absent");
        yield return new("an empty folder", _ => { }, "", "neither config.json nor exactly one .gguf file or one set of parts");
        yield return new("a file of another kind", f => f.Write("notes.txt", "hello"), "notes.txt", "'notes.txt' is a file");
        yield return new("weights without config.json", f => f.Write("model.safetensors", SafetensorsBytes.File()), "", "neither config.json");
        yield return new("config.json without weights", f => f.Write("config.json", "{}"), "", "no weights that can be read");
        yield return Config("config.json that is no JSON", "{\"a\": ", "Not valid JSON");
        yield return Config("config.json that is a list", "[1]", "Expected a JSON object, found Array");
        yield return Config("config.json that is null", "null", "Expected a JSON object, found null");
        yield return Config("config.json with a key twice", """{"hidden_size": 1, "hidden_size": 2}""", "Not valid JSON", "hidden_size");
        yield return new("config.json that is not UTF-8", f =>
        {
            f.Write("config.json", [.. "{\"a\": \""u8, 0xFF, .. "\"}"u8]);
            f.Write("model.safetensors", SafetensorsBytes.File());
        }, "", "Not valid JSON");
        yield return new("several files and no index", f =>
        {
            f.Write("config.json", "{}");
            f.Write("x.safetensors", SafetensorsBytes.File());
            f.Write("y.safetensors", SafetensorsBytes.File());
        }, "", "no index: x.safetensors, y.safetensors");
        yield return Index("an index that is no JSON", "{", "Not valid JSON", index);
        yield return Index("an index without weight_map", "{}", "no object 'weight_map'");
        yield return Index("an index that names nothing", """{"weight_map": {}}""", "names no tensor");
        yield return Index("a shard that is a number", """{"weight_map": {"a": 1}}""", "The shard of tensor 'a' is 1");
        yield return Index("a shard above the folder", """{"weight_map": {"a": "../s.safetensors"}}""", "'../s.safetensors'", "plain file name");
        yield return Index("a shard by its full path", """{"weight_map": {"a": "/etc/passwd"}}""", "'/etc/passwd'");
        yield return Index("a shard in a folder below", """{"weight_map": {"a": "sub/s.safetensors"}}""", "'sub/s.safetensors'");
        yield return Index("a shard by a Windows path", """{"weight_map": {"a": "..\\s.safetensors"}}""", "plain file name");
        yield return Index("a shard called ..", """{"weight_map": {"a": ".."}}""", "'..'");
        yield return Index("a shard without a name", """{"weight_map": {"a": ""}}""", "The shard of tensor 'a' is ''");
        yield return Index("a shard that is missing", """{"weight_map": {"a": "t.safetensors", "b": "s.safetensors"}}""", "Shard 't.safetensors' is not in the folder");
        yield return Index("a tensor its shard lacks", """{"weight_map": {"a": "s.safetensors", "b": "s.safetensors", "c": "s.safetensors"}}""", "Tensor 'c' is not in 's.safetensors'");
        yield return Index("a tensor the index leaves out", """{"weight_map": {"a": "s.safetensors"}}""", "holds tensor 'b', which the index does not name");
        yield return new("a tensor in two shards", f =>
        {
            f.Write("config.json", "{}");
            f.Write(index, """{"weight_map": {"a": "s.safetensors", "b": "t.safetensors"}}""");
            f.Write("s.safetensors", SafetensorsBytes.File());
            f.Write("t.safetensors", SafetensorsBytes.File());
        }, "", "'s.safetensors' holds tensor 'b', which the index puts in 't.safetensors'");

        MalformedCheckpoint Config(string name, string json, params string[] expected) => new(name, f =>
        {
            f.Write("config.json", json);
            f.Write("model.safetensors", SafetensorsBytes.File());
        }, "", [.. expected, "config.json"]);

        MalformedCheckpoint Index(string name, string json, params string[] expected) => new(name, f =>
        {
            f.Write("config.json", "{}");
            f.Write(index, json);
            f.Write("s.safetensors", SafetensorsBytes.File());
        }, "", expected);
    }

    static IEnumerable<MalformedCheckpoint> Headers()
    {
        yield return Bytes("an empty file", [], "needs 8 bytes; the file has 0");
        yield return Bytes("seven bytes", new byte[7], "needs 8 bytes; the file has 7");
        yield return Bytes("a header longer than the file", SafetensorsBytes.Claiming(1000, 100), "The header needs 1008 bytes; the file has 100");
        yield return Bytes("a header of absurd length", SafetensorsBytes.Claiming(ulong.MaxValue, 100), "claims 18446744073709551615 bytes");
        yield return Bytes("a file cut short", SafetensorsBytes.File()[..^1], "ends at byte 32 of the data, of which the file has 31");
        yield return Header("no JSON", "{\"a\"", "header is not what the format prescribes");
        yield return Header("a list", "[]", "it is not a JSON object");
        yield return Header("something behind the brace", "{} {}", "header is not what the format prescribes");
        yield return Bytes("a header that is not UTF-8", SafetensorsBytes.File([.. "{\""u8, 0xFF, .. "\":{}}"u8], []), "header is not what");
        yield return Header("a tensor twice", """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""", "Bytes 0 to 4 of the data belong to no tensor");
        yield return Header("a tensor that is no object", """{"a":3}""", "Tensor 'a' is not described by an object");
        yield return Entry("an unknown type", """ "dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]""", "type 'F8_E4M3'");
        yield return Entry("a type that is a number", """ "dtype":32,"shape":[8],"data_offsets":[0,8]""", "'dtype' something that is not a string");
        yield return Entry("no type", """ "shape":[2],"data_offsets":[0,8]""", "lacks 'dtype'");
        yield return Entry("no shape", """ "dtype":"F32","data_offsets":[0,8]""", "lacks 'shape'");
        yield return Entry("no place", """ "dtype":"F32","shape":[2]""", "lacks 'data_offsets'");
        yield return Entry("a field twice", """ "dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]""", "gives 'dtype' twice");
        yield return Entry("a negative axis", """ "dtype":"F32","shape":[-2],"data_offsets":[0,8]""", "'shape' something that is not a list");
        yield return Entry("a fractional axis", """ "dtype":"F32","shape":[2.5],"data_offsets":[0,8]""", "'shape' something that is not a list");
        yield return Entry("a shape no file holds", """ "dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]""", "more than any file holds");
        yield return Entry("an end before the begin", """ "dtype":"F32","shape":[2],"data_offsets":[8,0]""", "data_offsets [8, 0]");
        yield return Entry("three offsets", """ "dtype":"F32","shape":[2],"data_offsets":[0,4,8]""", "data_offsets [0, 4, 8]");
        yield return Entry("a size that is not the shape's", """ "dtype":"F32","shape":[3],"data_offsets":[0,8]""", "takes 12 bytes as F32 [3], but data_offsets give it 8");
        yield return Entry("an end beyond the file", """ "dtype":"F32","shape":[4],"data_offsets":[0,16]""", "ends at byte 16 of the data, of which the file has 8");
        yield return Header("overlapping tensors", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "Tensor 'b' overlaps tensor 'a'");
        yield return Header("a hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "Bytes 0 to 4 of the data belong to no tensor");
        yield return Header("trailing bytes", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "Bytes 4 to 8 of the data belong to no tensor");
        yield return Header("metadata that is a list", """{"__metadata__":[]}""", "__metadata__ is not an object");
        yield return Header("metadata that is no text", """{"__metadata__":{"format":1}}""", "__metadata__ holds 'format', which is not a string");

        MalformedCheckpoint Bytes(string name, byte[] bytes, params string[] expected) => new($"safetensors: {name}", f =>
        {
            f.Write("config.json", "{}");
            f.Write("model.safetensors", bytes);
        }, "", [.. expected, "model.safetensors"]);

        MalformedCheckpoint Header(string name, string header, params string[] expected) => Bytes(name, SafetensorsBytes.File(header, 8), expected);

        MalformedCheckpoint Entry(string name, string entry, params string[] expected) => Header(name, $"{{\"a\":{{{entry}}}}}", expected);
    }

    static IEnumerable<MalformedCheckpoint> Gguf()
    {
        byte[] correct = GgufBytes.Correct().File();
        yield return File("an empty file", [], "begin with GGUF but with nothing: it is empty");
        yield return File("another magic number", new GgufBytes { Magic = "GGML"u8.ToArray() }.File(), "47474D4C");
        yield return File("version 1", new GgufBytes { Version = 1 }.File(), "GGUF version 1 is not read");
        yield return File("version 4", new GgufBytes { Version = 4 }.File(), "GGUF version 4 is not read; versions 2 and 3 are");
        yield return File("version 0", new GgufBytes { Version = 0 }.File(), "GGUF version 0 is not read");
        yield return File("the other byte order", new GgufBytes { Version = 0x03000000 }.File(), "The file is big-endian GGUF, version 3");
        yield return File("the other byte order and an old version", new GgufBytes { Version = 0x02000000 }.File(), "The file is big-endian GGUF, version 2");
        foreach (int length in new[] { 6, 12, 20, 30, 40, 48, 60, 80 })
            yield return File($"cut to {length} bytes", correct[..length], "m.gguf");
        yield return File("data cut short", GgufBytes.Correct().File()[..^60], "Tensor 'a' needs");
        yield return File("more tensors than the file holds", new GgufBytes { ClaimedTensors = 1UL << 60 }.File(), "The number of tensors is 1152921504606846976");
        yield return File("more keys than the file holds", new GgufBytes { ClaimedKeys = ulong.MaxValue }.File(), "The number of metadata keys is 18446744073709551615");
        yield return File("a key twice", GgufBytes.Correct().Key("k", 4, BitConverter.GetBytes(1u)).File(), "Metadata key 'k' stands twice");
        yield return File("an unknown value type", new GgufBytes().Key("k", 13, new byte[8]).File(), "Key 'k' has value type 13");
        yield return File("a boolean of 2", new GgufBytes().Key("k", 7, [2]).File(), "Key 'k' is a boolean of value 2");
        yield return File("a list with a boolean of 3", new GgufBytes().Key("k", 9, GgufBytes.List(7, 2, [1, 3])).File(), "Key 'k' is a boolean of value 3");
        yield return File("a value cut off", new GgufBytes().Key("k", 10, new byte[2]).File()[..40], "needs");
        yield return File("a text in a list longer than the file", new GgufBytes().Key("k", 9, GgufBytes.List(8, 1, BitConverter.GetBytes(1UL << 40))).File(), "length of an entry of 'k' is 1099511627776");
        yield return File("a list of more texts than the file holds", new GgufBytes().Key("k", 9, GgufBytes.List(8, ulong.MaxValue, new byte[16])).File(), "length of list 'k' is 18446744073709551615");
        yield return File("a list of lists", new GgufBytes().Key("k", 9, GgufBytes.List(9, 1, new byte[16])).File(), "Key 'k' is a list of lists");
        yield return File("a list of an unknown type", new GgufBytes().Key("k", 9, GgufBytes.List(77, 1, new byte[16])).File(), "list of value type 77");
        yield return File("a list longer than the file", new GgufBytes().Key("k", 9, GgufBytes.List(4, 1UL << 40, new byte[16])).File(), "length of list 'k' is 1099511627776");
        yield return File("a text that is not UTF-8", new GgufBytes().Key("k", 8, GgufBytes.Text([0xC3, 0x28])).File(), "key 'k' is not valid UTF-8");
        yield return File("a key that is not UTF-8", new GgufBytes().Key([0xFF], 4, new byte[4]).File(), "a metadata key is not valid UTF-8");
        yield return File("a text longer than the file", new GgufBytes().Key("k", 8, BitConverter.GetBytes(1UL << 50)).File(), "the length of key 'k' is 1125899906842624");
        yield return File("a key longer than the file", new GgufBytes { ClaimedKeys = 1, Alignment = 8, Data = [.. BitConverter.GetBytes(1UL << 62), .. new byte[56]] }.File(), "the length of a metadata key is 4611686018427387904");
        yield return File("a tensor's name that is not UTF-8", new GgufBytes().Tensor([0xFE], [3], 0, 0).File(), "a tensor's name is not valid UTF-8");
        yield return File("a tensor twice", GgufBytes.Correct().Tensor("a", [3], 0, 32).File(), "Tensor 'a' stands twice");
        yield return File("a tensor without axes", new GgufBytes().Tensor("a", [], 0, 0).File(), "Tensor 'a' has 0 axes");
        yield return File("a tensor of five axes", new GgufBytes().Tensor("a", [1, 1, 1, 1, 1], 0, 0).File(), "Tensor 'a' has 5 axes");
        yield return File("an axis of 0", new GgufBytes().Tensor("a", [3, 0], 0, 0).File(), "an axis of length 0");
        yield return File("an axis beyond 63 bits", new GgufBytes().Tensor("a", [ulong.MaxValue], 0, 0).File(), "an axis of length 18446744073709551615");
        yield return File("a shape larger than the file", new GgufBytes().Tensor("a", [1UL << 40, 1UL << 40], 0, 0).File(), "is larger than the file");
        yield return File("a type of activations", new GgufBytes().Tensor("a", [256], 15, 0).File(), "Tensor 'a' has ggml type 15, Q8_K: it is not read", "Q4_0, Q4_1", "Q2_0, and integers");
        yield return File("a type that no longer exists", new GgufBytes().Tensor("a", [256], 31, 0).File(), "Tensor 'a' has ggml type 31, Q4_0_4_4", "Take the model's Q4_0 file");
        yield return File("a type of bitnet.cpp", new GgufBytes().Tensor("a", [256], 36, 0).File(), "ggml type 36, IQ4_NL_4_4 (or I2_S of bitnet.cpp)");
        yield return File("a type of ik_llama.cpp", new GgufBytes().Tensor("a", [256], 139, 0).File(), "ggml type 139, IQ4_K of ik_llama.cpp", "llama.cpp's own quantiser");
        yield return File("a type that is not known", new GgufBytes().Tensor("a", [256], 999, 0).File(), "ggml type 999, which ggml 0.18 does not have", "llama-quantize --allow-requantize");
        yield return File("a number that has another meaning elsewhere, larger", new GgufBytes { Data = new byte[512] }.Tensor("a", [1280], 42, 0).Tensor("b", [3], 0, 352).File(), "ggml type 42, Q2_0, and would take 360 bytes; the file leaves it 352", "derived from llama.cpp");
        yield return File("a number that has another meaning elsewhere, smaller", new GgufBytes { Data = new byte[512] }.Tensor("a", [32], 39, 0).Tensor("b", [3], 0, 64).File(), "ggml type 39, MXFP4, and would take 17 bytes; the file leaves it 64");
        yield return File("rows that are no multiple of the block", new GgufBytes().Tensor("a", [33], 8, 0).File(), "rows of 33 values; Q8_0 stores them by 32");
        yield return File("rows that are no multiple of a block of 256", new GgufBytes().Tensor("a", [128, 2], 12, 0).File(), "rows of 128 values; Q4_K stores them by 256");
        yield return File("an offset out of line", new GgufBytes().Tensor("a", [3], 0, 8).File(), "begins at byte 8 of the data, not a multiple of the alignment 32");
        yield return File("overlapping tensors", new GgufBytes().Tensor("a", [12], 0, 0).Tensor("b", [3], 0, 32).File(), "Tensor 'b' overlaps tensor 'a'");
        yield return File("a tensor beyond the file", new GgufBytes().Tensor("a", [3], 0, 4096).File(), "Tensor 'a' needs");
        yield return File("an offset beyond 63 bits", new GgufBytes().Tensor("a", [3], 0, ulong.MaxValue - 31).File(), "begins at byte 18446744073709551584");
        yield return File("an alignment that is no power of two", GgufBytes.Correct().Key("general.alignment", 4, BitConverter.GetBytes(24u)).File(), "'general.alignment' is 24");
        yield return File("an alignment that is a text", GgufBytes.Correct().Key("general.alignment", 8, GgufBytes.Text("32"u8.ToArray())).File(), "Key 'general.alignment' is the text '32'; expected a whole number");
        yield return File("an alignment of 0", GgufBytes.Correct().Key("general.alignment", 4, BitConverter.GetBytes(0u)).File(), "'general.alignment' is 0");
        yield return File("an alignment of 2 GiB", GgufBytes.Correct().Key("general.alignment", 4, BitConverter.GetBytes(1u << 31)).File(), "'general.alignment' is 2147483648");
        yield return File("an alignment that a tensor does not keep", new GgufBytes { Alignment = 64 }.Key("general.alignment", 4, BitConverter.GetBytes(64u)).Tensor("a", [3], 0, 32).File(), "not a multiple of the alignment 64");
        yield return File("one part of several under a name of its own", GgufBytes.Correct().Part(1, 3, 9).File(), "one of 3 parts", "NAME-00001-of-00003.gguf");
        yield return File("the second part of one", GgufBytes.Correct().Key("split.no", 2, BitConverter.GetBytes((ushort)1)).File(), "Key 'split.no' is 1, but by its name it is part 0 of 1");

        static MalformedCheckpoint File(string name, byte[] bytes, params string[] expected) =>
            new($"GGUF: {name}", f => f.Write("m.gguf", bytes), "m.gguf", [.. expected, "m.gguf"]);
    }

    /// <summary>Split files: "a" in the first part, "b" in the second.</summary>
    static IEnumerable<MalformedCheckpoint> Parts()
    {
        const string first = "m-00001-of-00002.gguf", second = "m-00002-of-00002.gguf";
        yield return new("parts: the second is missing", f => f.Write(first, First().File()), first, "Of the 2 parts", "1 is not in the folder: m-00002-of-00002.gguf");
        yield return new("parts: the first is missing", f => f.Write(second, Second().File()), second, "1 is not in the folder: m-00001-of-00002.gguf");
        yield return new("parts: the first is missing from a folder", f => f.Write(second, Second().File()), "", "1 is not in the folder: m-00001-of-00002.gguf");
        yield return new("parts: many are missing", f => f.Write("m-00003-of-00009.gguf", First().File()), "m-00003-of-00009.gguf", "8 are not in the folder: m-00001-of-00009.gguf", ", …");
        yield return new("parts: one beyond the last", f => f.Write("m-00003-of-00002.gguf", First().File()), "m-00003-of-00002.gguf", "part 3 of 2");
        yield return new("parts: one before the first", f => f.Write("m-00000-of-00002.gguf", First().File()), "m-00000-of-00002.gguf", "part 0 of 2");
        yield return Pair("a name that says two, a file that says nothing", GgufBytes.Correct(), GgufBytes.Correct(), "Key 'split.count' is absent, but by its name it is one of 2");
        yield return Pair("a name that says two, a file that says three", Content("a").Part(0, 3, 2), Content("b").Part(1, 3, 2), "Key 'split.count' is 3, but by its name it is one of 2");
        yield return Pair("exchanged names", Second(), First(), "Key 'split.no' is 1, but by its name it is part 0 of 2");
        yield return Pair("the same part twice", First(), First(), "Key 'split.no' is 0, but by its name it is part 1 of 2", second);
        yield return Pair("fewer tensors than were split", Content("a").Part(0, 2, 3), Content("b").Part(1, 2, 3), "Key 'split.tensors.count' is 3, but the parts hold 2 tensors together");
        yield return Pair("no word of how many tensors were split", Numbered("a", 0), Numbered("b", 1), "Key 'split.tensors.count' is absent");
        yield return Pair("parts that were split from different files", First(), Content("b").Part(1, 2, 5), "Key 'split.tensors.count' is not what the first part", second);
        yield return Pair("metadata that disagrees", Content("a").Part(0, 2, 2).Key("k", 4, new byte[4]), Second().Key("k", 4, [1, 0, 0, 0]), "Key 'k' is not what the first part, 'm-00001-of-00002.gguf', says");
        yield return Pair("metadata the first part lacks", First(), Second().Key("k", 4, new byte[4]), "Key 'k' is not what the first part");
        yield return Pair("a tensor in both", First(), Content("a").Part(1, 2, 2), "Tensor 'a' is also in 'm-00001-of-00002.gguf'");
        yield return Pair("a damaged second part", First(), new GgufBytes { Version = 5 }, "GGUF version 5 is not read", second);
        yield return new("parts: of two models in a folder", f =>
        {
            f.Write(first, First().File());
            f.Write("n-00002-of-00002.gguf", Second().File());
        }, "", "neither config.json nor exactly one .gguf file or one set of parts");
        yield return new("parts: beside a whole file in a folder", f =>
        {
            f.Write(first, First().File());
            f.Write(second, Second().File());
            f.Write("m.gguf", GgufBytes.Correct().File());
        }, "", "neither config.json nor exactly one .gguf file or one set of parts");

        static GgufBytes Content(string tensor) => new GgufBytes().Tensor(tensor, [3, 2], 0, 0);

        static GgufBytes First() => Content("a").Part(0, 2, 2);

        static GgufBytes Second() => Content("b").Part(1, 2, 2);

        static GgufBytes Numbered(string tensor, ushort number) => Content(tensor)
            .Key("split.no", 2, BitConverter.GetBytes(number)).Key("split.count", 2, BitConverter.GetBytes((ushort)2));

        static MalformedCheckpoint Pair(string name, GgufBytes one, GgufBytes two, params string[] expected) => new($"parts: {name}", f =>
        {
            f.Write(first, one.File());
            f.Write(second, two.File());
        }, first, expected);
    }
}
