using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Attribution;

/// <summary>A safetensors file of directions: each tensor, [k × d_model] or [d_model], is a set of its name.</summary>
static class DirectionFile
{
    /// <summary>Less of a row than this left beside those before it: it depends on them.</summary>
    const double Dependent = 1e-10;

    /// <summary>The sets, in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dModel">Width of the stream.</param>
    /// <param name="orthonormalise">Rows are made orthonormal in their order (QR); else they must be to <see cref="DirectionSet.MostDeparture"/>.</param>
    /// <exception cref="InputException">No such file; a tensor of another width or rank, of no rows, or with values that are no numbers; rows that are not orthonormal, or that depend on each other.</exception>
    public static IReadOnlyList<DirectionSet> Read(string path, int dModel, bool orthonormalise)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full)) throw DirectionErrors.NoSuchFile(full);
        return Malformed.Unless(full, () =>
        {
            using var file = MappedFile.Open(full);
            var tensors = SafetensorsFile.Read(file);
            if (tensors.Count == 0) throw DirectionErrors.NoTensors(full);
            return (IReadOnlyList<DirectionSet>)[.. tensors.Select(tensor => Set(tensor, dModel, orthonormalise))];
        });
    }

    static DirectionSet Set(Tensor tensor, int dModel, bool orthonormalise)
    {
        if (tensor.Name is ReferenceBlock.MeanName or ReferenceBlock.ComponentsName) throw DirectionErrors.TakenName(tensor.File, tensor.Name);
        if (tensor.Shape.Count is not (1 or 2)) throw DirectionErrors.NoMatrix(tensor.File, tensor.Name, tensor.Shape);
        if (tensor.Columns != dModel) throw DirectionErrors.OtherWidth(tensor.File, tensor.Name, tensor.Columns, dModel);
        if (tensor.Rows == 0) throw DirectionErrors.NoRows(tensor.File, tensor.Name);
        if (tensor.Rows > dModel) throw DirectionErrors.TooMany(tensor.File, tensor.Name, tensor.Rows, dModel);
        double[] rows = Values(tensor);
        if (!Array.TrueForAll(rows, double.IsFinite)) throw DirectionErrors.NotFinite(tensor.File, tensor.Name);
        if (orthonormalise) Orthonormalise(tensor, rows, dModel);
        double departure = DirectionSet.Departure(rows, dModel);
        return departure <= DirectionSet.MostDeparture
            ? DirectionSet.Of(tensor.Name, dModel, rows)
            : throw DirectionErrors.NotOrthonormal(tensor.File, tensor.Name, departure);
    }

    /// <summary>[rows × columns]; float64 as it is stored.</summary>
    static double[] Values(Tensor tensor)
    {
        int width = (int)tensor.Columns;
        double[] values = new double[tensor.Count];
        float[] row = new float[width];
        for (int at = 0; at < tensor.Rows; at++)
        {
            var to = values.AsSpan(at * width, width);
            if (tensor.DType == DType.F64)
            {
                tensor.CopyRow(at, 0, MemoryMarshal.AsBytes(to));
                continue;
            }
            Widen.Row(tensor, at, 0, row);
            Wide.Copy(row, to);
        }
        return values;
    }

    /// <summary>Each row without what the rows before it have of it, twice, and of length 1: the Q of a QR decomposition, its signs those of the rows.</summary>
    static void Orthonormalise(Tensor tensor, double[] rows, int width)
    {
        for (int i = 0; i < rows.Length / width; i++)
        {
            var row = rows.AsSpan(i * width, width);
            double before = Math.Sqrt(LaneSums.Dot(row, row));
            for (int round = 0; round < 2; round++)
            {
                for (int j = 0; j < i; j++)
                {
                    var other = rows.AsSpan(j * width, width);
                    LaneSums.Add(-LaneSums.Dot(other, row), other, row);
                }
            }
            double left = Math.Sqrt(LaneSums.Dot(row, row));
            if (!(left > Dependent * before)) throw DirectionErrors.Depends(tensor.File, tensor.Name, i);
            foreach (ref double value in row) value /= left;
        }
    }
}
