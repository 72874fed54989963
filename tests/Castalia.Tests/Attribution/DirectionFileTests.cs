using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Attribution;

public sealed class DirectionFileTests
{
    const int Width = 8;

    [Fact]
    public void Every_tensor_is_a_set_made_orthonormal_to_rounding()
    {
        using var folder = new TemporaryFolder();
        double angle = 0.3;
        double[] one = new double[Width], pair = new double[2 * Width];
        one[3] = -1;
        (pair[0], pair[1]) = (Math.Cos(angle), Math.Sin(angle));
        (pair[Width], pair[Width + 1]) = (-Math.Sin(angle), Math.Cos(angle));
        string file = Write(folder, ("one", [Width], one), ("pair", [2, Width], pair));
        var sets = DirectionFile.Read(file, Width, orthonormalise: false);
        Assert.Equal(["one", "pair"], sets.Select(set => set.Name).Order());
        var found = sets.Single(set => set.Name == "pair");
        Assert.Equal((2, Width), (found.Count, found.Width));
        // Float32 is off by 3e-8; the nearest orthonormal rows are off by no more, and orthonormal to rounding.
        double[] rows = [.. found[0], .. found[1]];
        Assert.InRange(DirectionSet.Departure(rows, Width), 0, 1e-14);
        Assert.All(rows.Zip(pair, (x, y) => x - y), gap => Assert.InRange(gap, -1e-7, 1e-7));
    }

    [Fact]
    public void Float64_is_read_as_it_is_stored()
    {
        using var folder = new TemporaryFolder();
        double[] b = [.. Enumerable.Range(0, Width).Select(i => i == 0 ? Math.Sqrt(1 - 1e-20) : i == 1 ? 1e-10 : 0)];
        byte[] header = System.Text.Encoding.UTF8.GetBytes("""{"b":{"dtype":"F64","shape":[1,8],"data_offsets":[0,64]}}""");
        string file = Path.Combine(folder.Path, "b.safetensors");
        File.WriteAllBytes(file, [.. BitConverter.GetBytes((long)header.Length), .. header, .. b.SelectMany(BitConverter.GetBytes)]);
        var set = Assert.Single(DirectionFile.Read(file, Width, orthonormalise: false));
        Assert.Equal(1e-10, set[0][1]);
    }

    [Fact]
    public void Rows_that_are_not_orthonormal_are_refused_and_made_so_in_their_order_when_asked()
    {
        using var folder = new TemporaryFolder();
        double[] rows = new double[2 * Width];
        (rows[0], rows[Width], rows[Width + 1]) = (3, 1, 2);
        string file = Write(folder, ("pair", [2, Width], rows));
        var refused = Assert.Throws<InputException>(() => DirectionFile.Read(file, Width, orthonormalise: false));
        Assert.Equal("The rows of tensor 'pair' are not orthonormal: the largest |⟨b, b′⟩ − δ| is 8.0E+0, at most 1E-6 is allowed.", refused.Cause);
        Assert.Contains("--orthonormalise", refused.Remedy, StringComparison.Ordinal);
        var set = Assert.Single(DirectionFile.Read(file, Width, orthonormalise: true));
        Assert.Equal([1, 0, 0], set[0][..3].ToArray());
        Assert.Equal([0, 1, 0], set[1][..3].ToArray());
    }

    [Fact]
    public void What_cannot_be_a_set_is_refused()
    {
        using var folder = new TemporaryFolder();
        string Cause(string name, long[] shape, double[] values, bool orthonormalise = true) =>
            Assert.Throws<InputException>(() => DirectionFile.Read(Write(folder, (name, shape, values)), Width, orthonormalise)).Cause;
        double[] unit = [1, .. new double[Width - 1]];
        Assert.Equal("The directions of tensor 't' are 5 wide; the model's stream, d_model, is 8.", Cause("t", [2, 5], new double[10]));
        Assert.Equal("Tensor 't' has 3 axes: [1 × 1 × 8].", Cause("t", [1, 1, Width], unit));
        Assert.Equal("Tensor 't' has no rows.", Cause("t", [0, Width], []));
        Assert.Equal("Tensor 't' has 9 rows; of 8 dimensions no more than 8 can be orthonormal.", Cause("t", [9, Width], new double[9 * Width]));
        Assert.Equal("Tensor 't' holds a value that is not a number, or infinite.", Cause("t", [Width], [double.NaN, .. unit[1..]]));
        Assert.Equal("Row 1 (from 0) of tensor 't' is 0, or a combination of the rows before it: it is no direction of its own.", Cause("t", [2, Width], [.. unit, .. unit]));
        Assert.Equal("Row 0 (from 0) of tensor 't' is 0, or a combination of the rows before it: it is no direction of its own.", Cause("t", [Width], new double[Width]));
        Assert.Equal("A set of directions is called 'reference_mean', as one that is made of the reference texts.", Cause("reference_mean", [Width], unit));
        Assert.Equal("The file of directions holds no tensor.", Assert.Throws<InputException>(() => DirectionFile.Read(Write(folder), Width, false)).Cause);
        Assert.Equal("There is no such file of directions.", Assert.Throws<InputException>(() => DirectionFile.Read(Path.Combine(folder.Path, "none"), Width, false)).Cause);
        Assert.Throws<InputException>(() => DirectionFile.Read(folder.Write("x.safetensors", "no safetensors"), Width, false));
    }

    [Fact]
    public void Turning_the_directions_of_a_group_changes_nothing_and_a_whole_basis_leaves_nothing_outside()
    {
        var random = new Random(3);
        double[] Vector() => [.. Enumerable.Range(0, Width).Select(_ => random.NextDouble() - 0.5)];
        double[] pre = Vector(), post = Vector(), rows = new double[Width * Width], turned = new double[Width * Width];
        for (int i = 0; i < Width; i++) rows[i * Width + i] = 1;
        rows.CopyTo(turned, 0);
        (double cos, double sin) = (Math.Cos(0.7), Math.Sin(0.7));
        foreach (int first in new[] { 0, 3 }) // each within its group
            (turned[first * Width + first], turned[first * Width + first + 1], turned[(first + 1) * Width + first], turned[(first + 1) * Width + first + 1]) = (cos, sin, -sin, cos);
        int[] sizes = [3, 5];
        var plain = DirectionSplit.Of(DirectionSet.Of("s", Width, rows, sizes), pre, post);
        var other = DirectionSplit.Of(DirectionSet.Of("s", Width, turned, sizes), pre, post);
        for (int group = 0; group < 2; group++)
        {
            var coordinates = Enumerable.Range(group * 3, sizes[group]).ToList();
            Assert.Equal(coordinates.Sum(i => post[i] * post[i] - pre[i] * pre[i]) / pre.Sum(x => x * x), plain.Parts[group], 13);
            Assert.Equal(plain.Parts[group], other.Parts[group], 13);
            Assert.Equal(plain.Before[group], other.Before[group], 13);
            Assert.Equal(plain.After[group], other.After[group], 13);
        }
        Assert.Equal(0, plain.Outside, 13);
        Assert.Equal(0, other.BeforeOutside, 13);
    }

    static string Write(TemporaryFolder folder, params (string Name, long[] Shape, double[] Values)[] tensors)
    {
        string file = Path.Combine(folder.Path, "d.safetensors");
        using var writer = SafetensorsWriter.Create(file, [.. tensors.Select(tensor => new SafetensorsEntry(tensor.Name, DType.F32, tensor.Shape))], null);
        foreach (var tensor in tensors) writer.Write(tensor.Name, 0, [.. tensor.Values.Select(value => (float)value)]);
        writer.Complete();
        return file;
    }
}
