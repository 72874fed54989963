using System.Collections;
using System.Globalization;
using System.Reflection;
using Castalia.Architectures;

namespace Castalia.Conversion;

/// <summary>Where two descriptions of one model part ways.</summary>
static class DescriptionCheck
{
    /// <summary>What need not be equal: which family it was read as, what its tensors are called, which keys were absent or ask for nothing.</summary>
    static readonly HashSet<string> Free =
        [nameof(Architecture.Family), nameof(Architecture.Tensors), nameof(Architecture.NamePrefix), nameof(Architecture.Defaults), nameof(Architecture.PassedOver)];

    /// <summary>Everything else that is stored in a description, so that a further property is compared too.</summary>
    static readonly PropertyInfo[] Compared = [.. typeof(Architecture).GetProperties().Where(p => p.CanWrite && !Free.Contains(p.Name))];

    /// <summary>The first property that differs, with both values as text; null where none does.</summary>
    public static (string Property, string Expected, string Found)? Difference(Architecture expected, Architecture found)
    {
        foreach (PropertyInfo property in Compared)
        {
            object? a = property.GetValue(expected), b = property.GetValue(found);
            if (!Same(a, b)) return (property.Name, Text(a), Text(b));
        }
        return null;
    }

    static bool Same(object? a, object? b) => a is IEnumerable x and not string && b is IEnumerable y and not string
        ? x.Cast<object?>().SequenceEqual(y.Cast<object?>())
        : Equals(a, b);

    static string Text(object? value) => value switch
    {
        null => "nothing",
        IEnumerable list and not string => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
