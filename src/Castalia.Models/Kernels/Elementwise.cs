using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>A function of one float, sixteen lanes at a time.</summary>
interface ILaneFunction
{
    static abstract Vector512<float> Of(Vector512<float> x);
}

/// <summary>A function of one float with its slope.</summary>
interface ILanePair
{
    static abstract Vector512<float> Of(Vector512<float> x, out Vector512<float> slope);
}

/// <summary>Runs a lane function over spans. A lane's result depends on that lane alone, so length and place do not matter.</summary>
static class Elementwise
{
    const int Lanes = 16, Doubles = 8;

    /// <summary>x ← f(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFunction>(Span<float> x) where TFunction : ILaneFunction
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
            TFunction.Of(Vector512.LoadUnsafe(ref p, (nuint)i)).StoreUnsafe(ref p, (nuint)i);
        if (i == x.Length) return;
        Span<float> tail = stackalloc float[Lanes];
        x[i..].CopyTo(tail);
        TFunction.Of(Vector512.Create<float>(tail)).CopyTo(tail);
        tail[..(x.Length - i)].CopyTo(x[i..]);
    }

    /// <summary>gate ← f(gate) ⊙ up, the product rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyGated<TFunction>(Span<float> gate, ReadOnlySpan<float> up) where TFunction : ILaneFunction
    {
        if (gate.Length != up.Length) throw new ArgumentException($"gate has {gate.Length} values, up {up.Length}.", nameof(up));
        ref float p = ref MemoryMarshal.GetReference(gate), q = ref MemoryMarshal.GetReference(up);
        int i = 0;
        for (; i <= gate.Length - Lanes; i += Lanes)
            (TFunction.Of(Vector512.LoadUnsafe(ref p, (nuint)i)) * Vector512.LoadUnsafe(ref q, (nuint)i)).StoreUnsafe(ref p, (nuint)i);
        if (i == gate.Length) return;
        Span<float> tail = stackalloc float[Lanes], tailUp = stackalloc float[Lanes];
        gate[i..].CopyTo(tail);
        up[i..].CopyTo(tailUp);
        (TFunction.Of(Vector512.Create<float>(tail)) * Vector512.Create<float>(tailUp)).CopyTo(tail);
        tail[..(gate.Length - i)].CopyTo(gate[i..]);
    }

    /// <summary>x ← f(x), slope ← f′(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyBoth<TPair>(Span<float> x, Span<float> slope) where TPair : ILanePair
    {
        ref float p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(slope[..x.Length]);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            TPair.Of(Vector512.LoadUnsafe(ref p, (nuint)i), out var by).StoreUnsafe(ref p, (nuint)i);
            by.StoreUnsafe(ref q, (nuint)i);
        }
        if (i == x.Length) return;
        Span<float> tail = stackalloc float[Lanes], tailSlope = stackalloc float[Lanes];
        x[i..].CopyTo(tail);
        TPair.Of(Vector512.Create<float>(tail), out var last).CopyTo(tail);
        last.CopyTo(tailSlope);
        tail[..(x.Length - i)].CopyTo(x[i..]);
        tailSlope[..(x.Length - i)].CopyTo(slope[i..]);
    }

    /// <summary>Of f(g)·u from f(g), f′(g) and u: (f(g)·u, f(g), f′(g)·u), the product and its derivatives by u and g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(Span<float> value, Span<float> slope, Span<float> up)
    {
        ref float p = ref MemoryMarshal.GetReference(value), q = ref MemoryMarshal.GetReference(slope[..value.Length]), r = ref MemoryMarshal.GetReference(up[..value.Length]);
        int i = 0;
        for (; i <= value.Length - Lanes; i += Lanes)
        {
            Vector512<float> v = Vector512.LoadUnsafe(ref p, (nuint)i), u = Vector512.LoadUnsafe(ref r, (nuint)i);
            (u * Vector512.LoadUnsafe(ref q, (nuint)i)).StoreUnsafe(ref r, (nuint)i);
            v.StoreUnsafe(ref q, (nuint)i);
            (v * u).StoreUnsafe(ref p, (nuint)i);
        }
        for (; i < value.Length; i++) (value[i], slope[i], up[i]) = (value[i] * up[i], value[i], slope[i] * up[i]);
    }

    /// <summary>x ← x + y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        ref float p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(y[..x.Length]);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) (Vector512.LoadUnsafe(ref p, (nuint)i) + Vector512.LoadUnsafe(ref q, (nuint)i)).StoreUnsafe(ref p, (nuint)i);
        for (; i < x.Length; i++) x[i] += y[i];
    }

    /// <summary>z ← x ⊙ y; z may be one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
    {
        ref float p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(y[..x.Length]), r = ref MemoryMarshal.GetReference(z[..x.Length]);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) (Vector512.LoadUnsafe(ref p, (nuint)i) * Vector512.LoadUnsafe(ref q, (nuint)i)).StoreUnsafe(ref r, (nuint)i);
        for (; i < x.Length; i++) z[i] = x[i] * y[i];
    }

    /// <summary>x ← x held to [−bound, bound]; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Clamp(Span<float> x, float bound)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        Vector512<float> most = Vector512.Create(bound), least = Vector512.Create(-bound);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var v = Vector512.LoadUnsafe(ref p, (nuint)i);
            v = Vector512.ConditionalSelect(Vector512.LessThan(v, least), least, v);
            Vector512.ConditionalSelect(Vector512.GreaterThan(v, most), most, v).StoreUnsafe(ref p, (nuint)i);
        }
        for (; i < x.Length; i++) x[i] = Math.Clamp(x[i], -bound, bound);
    }

    /// <summary>x ← factor·x, in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> x, double factor)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - Doubles; i += Doubles) DoubleSum.Narrow(DoubleSum.Widen(ref p, i) * times).StoreUnsafe(ref p, (nuint)i);
        for (; i < x.Length; i++) x[i] = (float)(x[i] * factor);
    }
}
