using Castalia.Checkpoints;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>Headers that only the reference can judge: safetensors 0.4.5 was run on each, and read it or not.</summary>
public sealed class SafetensorsHeaderTests
{
    const string Rest = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]", A = "\"a\":{" + Rest + "}";

    static string Deep(int depth) => $"{{\"a\":{{@R,\"n\":{new string('[', depth)}{new string(']', depth)}}}}}";

    public static TheoryData<string, string> Read => new()
    {
        { "metadata that is null", """{"__metadata__":null,@A}""" },
        { "metadata without entries", """{"__metadata__":{},@A}""" },
        { "a key of the metadata twice", """{"__metadata__":{"x":"1","x":"2"},@A}""" },
        { "a field more", """{"a":{@R,"note":{"deep":[1]}}}""" },
        { "a field more, twice", """{"a":{@R,"note":1,"note":2}}""" },
        { "a tensor twice, alike", """{@A,@A}""" },
        { "a tensor twice, the second right", """{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,4]},@A}""" },
        { "a tensor as a list", """{"a":["F32",[2],[0,8]]}""" },
        { "a type as an object", """{"a":{"dtype":{"F32":null},"shape":[2],"data_offsets":[0,8]}}""" },
        { "an escaped field name", """{"a":{"d\u0074ype":"F32","shape":[2],"data_offsets":[0,8]}}""" },
        { "white space around", " \n\t{@A}\r\n " },
        { "an empty tensor before the others", """{@A,"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""" },
        { "an empty tensor with a large axis", """{@A,"b":{"dtype":"F32","shape":[4611686018427387904,0],"data_offsets":[8,8]}}""" },
        { "tensors in another order than their data", """{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "an empty name", """{"":{@R}}""" },
        { "a nested field at the reference's depth", Deep(125) },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "metadata twice", """{"__metadata__":{},@A,"__metadata__":{}}""" },
        { "a number in the metadata", """{"__metadata__":{"x":1},@A}""" },
        { "null in the metadata", """{"__metadata__":{"x":null},@A}""" },
        { "half a surrogate pair in the metadata", """{"__metadata__":{"x":"\ud800"},@A}""" },
        { "half a surrogate pair in a field more", """{"a":{@R,"n":"\ud800"}}""" },
        { "a number beyond float64 in a field more", """{"a":{@R,"n":[1e999]}}""" },
        { "a known field twice", """{"a":{"dtype":"F32",@R}}""" },
        { "a tensor twice, the first right", """{@A,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" },
        { "a list of four", """{"a":["F32",[2],[0,8],1]}""" },
        { "a list of two", """{"a":["F32",[2]]}""" },
        { "a type as an object with a value", """{"a":{"dtype":{"F32":[]},"shape":[2],"data_offsets":[0,8]}}""" },
        { "a type by its number", """{"a":{"dtype":10,"shape":[2],"data_offsets":[0,8]}}""" },
        { "a type in small letters", """{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""" },
        { "an axis with a point", """{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""" },
        { "an axis with an exponent", """{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""" },
        { "minus nought", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[-0,8]}}""" },
        { "an empty tensor within another", """{@A,"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""" },
        { "an empty tensor whose axes overflow", """{@A,"b":{"dtype":"F32","shape":[4611686018427387904,16,0],"data_offsets":[8,8]}}""" },
        { "null for a tensor", """{"n":null,@A}""" },
        { "a byte order mark", "\uFEFF{@A}" },
        { "a nought byte behind", "{@A}\0" },
        { "a nested field one deeper than the reference takes", Deep(126) },
    };

    [Theory]
    [MemberData(nameof(Read))]
    public void What_the_reference_reads_is_read(string name, string header)
    {
        _ = name;
        var tensors = Open(header);
        // The data are two floats, 0 and 1, in whatever tensors.
        Assert.Equal([0f, 1f], tensors.SelectMany(tensor => tensor.Values).Order());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_reference_refuses_is_refused(string name, string header)
    {
        _ = name;
        Assert.DoesNotContain("Families", Assert.Throws<InputException>(() => Open(header)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_tensor_given_twice_the_last_counts() =>
        Assert.Equal([2L], Assert.Single(Open("""{"a":{"dtype":"F16","shape":[9],"data_offsets":[0,4]},@A}""")).Shape);

    static List<(IReadOnlyList<long> Shape, float[] Values)> Open(string header)
    {
        header = header.Replace("@A", A, StringComparison.Ordinal).Replace("@R", Rest, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        byte[] data = [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(1f)];
        using var file = MappedFile.Open(folder.Write("model.safetensors", SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes(header), data)));
        return [.. SafetensorsFile.Read(file).Select(tensor => (tensor.Shape, Values(tensor)))];
    }

    static float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Columns];
        if (values.Length > 0) Widen.Row(tensor, 0, 0, values);
        return values;
    }
}
