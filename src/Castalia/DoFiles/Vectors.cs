using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Vectors that a do-file names.</summary>
static class Vectors
{
    /// <summary>FILE#tensor, of a safetensors file.</summary>
    /// <param name="text">The words.</param>
    /// <param name="folder">Where the file is looked for first; may be null.</param>
    /// <exception cref="InputException">No such file or tensor, or no vector.</exception>
    public static NamedVector Read(ScalarText text, string? folder)
    {
        int at = text.Value.LastIndexOf('#');
        if (at < 1 || at == text.Value.Length - 1) throw DoFileErrors.NoVector(text.Place, text.Value);
        string file = text.Value[..at], name = text.Value[(at + 1)..];
        string beside = Path.Combine(folder ?? "", file);
        string path = File.Exists(beside) ? beside : file;
        return Malformed.Unless(path, () => Of(text, path, file, name));
    }

    static NamedVector Of(ScalarText text, string path, string file, string name)
    {
        using var mapped = MappedFile.Open(path);
        var tensors = SafetensorsFile.Read(mapped);
        var tensor = tensors.FirstOrDefault(one => one.Name == name) ?? throw DoFileErrors.NoSuchTensor(text.Place, file, name, [.. tensors.Select(one => one.Name)]);
        if (tensor.Shape.Count != 1) throw DoFileErrors.NotAVector(text.Place, name, tensor.Shape);
        float[] values = new float[tensor.Count];
        Widen.Row(tensor, 0, 0, values);
        return Array.TrueForAll(values, float.IsFinite) ? new(text.Value, values) : throw DoFileErrors.NotFinite(text.Place, name);
    }
}
